"""What the product's speed is measured with: `make bench`. No figure here is a test; ratios count, not milliseconds."""

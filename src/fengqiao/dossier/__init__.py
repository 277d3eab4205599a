"""Papers: written once from the facts, printed and served with proof."""

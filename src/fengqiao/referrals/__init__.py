"""What passes between a centre and offices outside its dispatches: asked, accepted, refused, given back."""

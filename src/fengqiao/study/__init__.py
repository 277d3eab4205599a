"""The study committee (研判委员会): experts of the county who are asked for advice on a hard matter."""

"""What lenders sell and which cars stand in the showroom: dated, approved by two people."""

"""/review: what trainers look through: corrections, answers that did not help, remarks."""

"""From records to what is shown: labels, cells, facts and trees. Text, numbers and roles; no I/O."""

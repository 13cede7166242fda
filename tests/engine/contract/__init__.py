"""What every engine must do, whichever it is: one suite, run over a private dockerd and over the demo."""

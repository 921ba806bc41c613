"""Recording a trace with the mouse."""

"""FlowForge: graph → nodes → formula → compiler → plan → stores, as one library shared by every function."""

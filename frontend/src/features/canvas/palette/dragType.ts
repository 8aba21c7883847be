/** The drag-and-drop type that carries a node type from the palette to the canvas. */
export const KIND_MIME = "application/x-flowforge-node";

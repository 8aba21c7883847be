/** The columns drawn on the axes. */
export { inferAxes as infer } from "./charts";

/** Offsets and lengths as Python counts them (code points) against JavaScript's UTF-16 units. */

/** Number of code points. */
export function codePoints(text: string): number {
  return Array.from(text).length;
}

/** The code-point offset of a UTF-16 offset, such as a CodeMirror position. */
export function toCodePoints(text: string, utf16Offset: number): number {
  return codePoints(text.slice(0, utf16Offset));
}

/** The UTF-16 offset of a code-point offset, such as `Problem.position`. */
export function toUtf16(text: string, codePointOffset: number): number {
  return Array.from(text).slice(0, codePointOffset).join("").length;
}

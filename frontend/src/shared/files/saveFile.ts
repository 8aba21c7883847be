/** Let the browser save a file under a name; characters that a file's name should not have become `_`. */
export function saveFile(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = url;
  link.download = name.replace(/[^\p{L}\p{N} ._–-]/gu, "_");
  link.click();
  URL.revokeObjectURL(url);
}

const OPENING = /^(?:#|\/\/) Made by `sallyport init`/;

/** Whether a file was written by `sallyport init`: what it says is no sign of what the repository needs. */
export function isOwnFile(text: string): boolean {
  return OPENING.test(text);
}

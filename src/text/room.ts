/** Room for blocks of text with the empty line after each. What is too long is left out and what follows may still fit. */
export function createRoom(bytes: number): { readonly takes: (block: string) => boolean } {
  let room = bytes;
  return {
    takes: (block) => {
      const size = sizeOf([block]);
      if (size > room) return false;
      room -= size;
      return true;
    },
  };
}

/** The size of blocks with the empty line after each, in bytes of UTF-8. */
export function sizeOf(blocks: readonly string[]): number {
  return blocks.reduce((sum, block) => sum + Buffer.byteLength(block) + 2, 0);
}

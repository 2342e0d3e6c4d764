/** C2SP tlog-checkpoint: the head of the tree (origin, size, root) as the text of a signed note. */
import { HASH_BYTES } from './merkle.ts';
import { decodeBase64, type Note, NoteError, parseNote } from './note.ts';

export interface TreeHead {
  /** The log's name. */
  readonly origin: string;
  /** Number of leaves. */
  readonly size: number;
  /** Hexadecimal. */
  readonly root: string;
}

export interface Checkpoint extends TreeHead {
  readonly note: Note;
}

/** The text that is signed. */
export function formatHead(head: TreeHead): string {
  return `${head.origin}\n${head.size}\n${Buffer.from(head.root, 'hex').toString('base64')}\n`;
}

/**
 * Read a checkpoint without judging its signatures. Extension lines are refused: our log writes none, and nothing
 * would check what they say.
 *
 * @throws NoteError when malformed.
 */
export function parseCheckpoint(source: string): Checkpoint {
  const note = parseNote(source);
  const [origin = '', size = '', root = '', ...rest] = note.text.split('\n');
  if (origin === '' || rest.length !== 1) throw new NoteError('a checkpoint has three lines');
  if (!/^(0|[1-9][0-9]{0,15})$/.test(size) || !Number.isSafeInteger(Number(size)))
    throw new NoteError('the size of the checkpoint is malformed');
  const hash = decodeBase64(root);
  if (hash.length !== HASH_BYTES) throw new NoteError('the root of the checkpoint is malformed');
  return { origin, size: Number(size), root: hash.toString('hex'), note };
}

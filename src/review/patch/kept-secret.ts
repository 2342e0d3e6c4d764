import type { FileChange, Finding } from '../../findings/index.ts';
import { createLineIndex } from '../../syntax/index.ts';
import { allExpressionsOf } from '../code-walk.ts';
import { type AddedCode, addedCode, literalText } from './added-code.ts';
import type { ReadCode } from './residue.ts';
import { fieldOf, type Placed, partsBelow, writtenText } from './spot.ts';

const SECRET =
  /(?:^|[_.\W])?(?:secret|passwd|password|api_?key|apikey|private_?key|signing_?key|credential|auth_?token|access_?token)s?(?:_?key)?$/i;
/** What is meant to be filled in. */
const PLACEHOLDER = /change|replace|your|example|dummy|placeholder|xxx|todo|[<>${}\s]/i;
const SHORTEST = 8;

/**
 * A secret that is no longer written where it was, and still stands in the code: the same one elsewhere, another in its
 * place, or one for when a setting is missing (CWE-798).
 */
export function keptSecret({ befores, after, isNew }: AddedCode): Placed | undefined {
  const known = befores.flatMap(({ body }) => secretsIn(body));
  const names = new Set(known.map(({ name }) => name));
  const texts = new Set(known.map(({ text }) => text));
  if (known.length === 0) return undefined;
  const again = secretsIn(after.body).filter(({ part }) => isNew(part.place));
  const moved = partsBelow(after.body).find((part) => isNew(part.place) && texts.has(writtenText(part) ?? ''));
  return again.find(({ name }) => names.has(name))?.part ?? moved;
}

/** A file without code (settings, an environment) into which a patch writes a secret that the code held before. */
export function secretAmongSettings(files: readonly FileChange[], read: ReadCode): string | undefined {
  const texts = files.flatMap(({ path, before }) => {
    const module = before === undefined ? undefined : read({ path, text: before });
    return module ? secretsIn(module.body).map(({ text }) => text) : [];
  });
  return files.find(
    ({ path, before, after }) =>
      !read({ path, text: after }) && texts.some((text) => after.includes(text) && before?.includes(text) !== true),
  )?.path;
}

/** `Password` may as well be what stands beside a field. */
function isWord(text: string): boolean {
  return /^[A-Z]?[a-z]+$/.test(text);
}

/** Whether a line of the old text, from 1, holds one. */
export function holdsSecret(line: number, files: readonly FileChange[], read: ReadCode): boolean {
  return files.some(({ path, before }) => {
    const module = before === undefined ? undefined : read({ path, text: before });
    const index = module && createLineIndex(module.file.text);
    return module && secretsIn(module.body).some(({ part }) => index?.position(part.place.span.start).line === line);
  });
}

/** Weaknesses of a secret that stands in the code. */
const OF_SECRETS = /\b(?:CWE-(?:259|312|321|540|798)|CODE50)\b/;

/** The line of the old text, from 1, of a secret that a finding names and that the file still holds, maybe in words. */
export function stillWritten(target: Finding, files: readonly FileChange[], read: ReadCode): number | undefined {
  const [code, ...others] = OF_SECRETS.test(target.rule) ? addedCode(files, read) : [];
  if (!code || others.length > 0 || files[0]?.path !== target.place.file) return undefined;
  const index = createLineIndex(code.before.file.text);
  const lineOf = (start: number): number => index.position(start).line;
  const named = new Set([target, ...target.related].map(({ place }) => lineOf(place.span.start)));
  const texts = allExpressionsOf(code.after).flatMap((part) => [
    literalText(part),
    part.kind === 'list' ? part.items.map(literalText).join(' ') : undefined,
  ]);
  const left = new Set(texts);
  const [secret] = secretsIn(code.before.body).filter(
    ({ text, part }) => named.has(lineOf(part.place.span.start)) && left.has(text),
  );
  return secret && lineOf(secret.part.place.span.start);
}

interface Secret {
  readonly name: string;
  readonly text: string;
  readonly part: Placed;
}

/** Twelve to twenty-four words from which a wallet is made (BIP 39), by whatever name. */
const MNEMONIC = /^(?:[a-z]{3,8} ){11,23}[a-z]{3,8}$/;

/** Texts that are given to what is named as a secret: a variable, a field, an entry, an argument by its name. */
function secretsIn(body: AddedCode['after']['body']): readonly Secret[] {
  return partsBelow(body).flatMap((part) => {
    const written = writtenText(part);
    if (written !== undefined && MNEMONIC.test(written)) return [{ name: 'mnemonic', text: written, part }];
    const given = [part, ...listAt(part, 'entries'), ...listAt(part, 'arguments'), ...listAt(part, 'members')];
    return given.flatMap((one) => {
      const name = nameAt(one);
      const value = fieldOf(one, 'value');
      if (name === undefined || !SECRET.test(name)) return [];
      const texts = literalsOf(value);
      return texts.map(([text, literal]) => ({ name, text, part: literal }));
    });
  });
}

function listAt(part: Placed, field: string): readonly unknown[] {
  const list = fieldOf(part, field);
  return Array.isArray(list) ? list : [];
}

function nameAt(part: unknown): string | undefined {
  const target = fieldOf(part, 'target') ?? fieldOf(part, 'key') ?? part;
  const name = fieldOf(target, 'name') ?? fieldOf(target, 'value');
  return typeof name === 'string' ? name : undefined;
}

/** Written out, or as the last way out: `process.env.KEY || 'text'`. */
function literalsOf(value: unknown): readonly (readonly [string, Placed])[] {
  const open = [value, ...(fieldOf(value, 'kind') === 'logical' ? [fieldOf(value, 'right')] : [])];
  return open.flatMap((one) => {
    const text = isPart(one) ? writtenText(one) : undefined;
    return isPart(one) && text !== undefined && text.length >= SHORTEST && !PLACEHOLDER.test(text) && !isWord(text)
      ? [[text, one] as const]
      : [];
  });
}

function isPart(value: unknown): value is Placed {
  return fieldOf(value, 'place') !== undefined;
}

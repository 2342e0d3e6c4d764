import type { SinkRow } from '../catalogue.ts';
import { maskOf } from './category-mask.ts';
import { type Label, LIBRARY_ORIGIN } from './label.ts';

/** How the report names what is called or set on something of which nothing is known. */
const UNKNOWN_RECEIVER = '?.';

/** One kind of evidence that says little, whatever the file. */
type Kind = (row: SinkRow, label: Label, sink: string) => boolean;

const KINDS: readonly Kind[] = [
  // Whether a parameter of a library is text or markup is between the library and its caller: `widget({ title })`.
  ({ category }, { origin }) => category === 'xss' && origin.row === LIBRARY_ORIGIN,
  // The name of the method alone said what it is, and the row says that the name is shared by many harmless things.
  ({ confidence }, _, sink) => confidence === 'low' && sink.startsWith(UNKNOWN_RECEIVER),
  // The source says so (a cookie, which no other site makes a browser send), or what became of it on its way.
  ({ category }, { doubted }) => (doubted & maskOf([category])) !== 0,
];

/** Whether a flow is one that only somebody who asks for everything wants to see. */
export function isWeakEvidence(row: SinkRow, label: Label, sink: string): boolean {
  return KINDS.some((kind) => kind(row, label, sink));
}

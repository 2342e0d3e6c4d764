import { findHiddenText, findMixedWords } from '../../text/index.ts';
import { type Piece, piecesOf } from '../pieces.ts';
import { type Occurrence, occurrence, type ReasonRow } from '../reason.ts';
import { findSecrets, type SecretSighting } from '../secrets/index.ts';

/** What the texts of a change hold: files, every commit, messages, the branch's name. */
export const TEXT_REASONS: readonly ReasonRow[] = [
  {
    code: 'GATE040',
    name: 'secret-in-change',
    title: 'The change carries a secret',
    what: 'A key of known shape, or a known secret of this pipeline, stands in an added line, in any commit, in a message, in a file name, in the target of a link or in the branch name: plain, split, reversed, or in base64, base32, hex, numbers, escapes, percent signs, rot13, up to three layers. A text with more readings than are searched is incomplete.',
    why: 'What is merged is published: history keeps it after the file is mended. An encoded key is how agents were made to carry loot past a reviewer.',
    lifted:
      'nobody; take it out of every commit and revoke the key; where more may be encoded than is searched, an approval that names the file',
    sources: ['incidents PI-19 (GhostCommit, key as a tuple of integers)', 'incidents SC-4 (base64, three times)'],
    attack: 'A commit adds a token as base64; the next commit removes it.',
    benign: 'A documented example key, or `${TOKEN}`.',
    find: (view) => [
      ...piecesOf(view.evidence).flatMap(secretsIn),
      ...view.evidence.knownSecrets.map(({ name, encoding, where }) =>
        occurrence('blocked', 'nobody', `${where}: the secret ${name} of this pipeline (${encoding})`),
      ),
    ],
  },
  {
    code: 'GATE041',
    name: 'hidden-text',
    title: 'Text that a reviewer does not see',
    what: 'Characters that cannot be seen or that change the order of others, where no script or emoji needs them, in added lines, names and messages.',
    why: 'A reviewer approves what is shown; the compiler and the next agent read what is there.',
    lifted: 'nobody; write the text without them',
    sources: ['CVE-2021-42574 (Trojan Source)', 'incidents SC-7 (GlassWorm)'],
    attack: 'A comment with U+202E that hides where it ends.',
    benign: 'A joiner inside an emoji; marks of direction in a line of Hebrew.',
    find: (view) => piecesOf(view.evidence).flatMap(hiddenIn),
  },
  {
    code: 'GATE042',
    name: 'mixed-script-name',
    title: 'A name that reads as another',
    what: 'A word of Latin letters holds letters of another script that look like Latin ones.',
    why: 'Two names that look the same are two names: a check on the one says nothing about the other.',
    lifted: 'a second human, or write the name in one script',
    sources: ['CVE-2021-42694', 'Unicode UTS 39'],
    attack: 'A constant whose name holds one Cyrillic letter.',
    benign: 'A comment in Belarusian.',
    find: ({ evidence }) => piecesOf(evidence).flatMap(mixedIn),
  },
];

function secretsIn(piece: Piece): readonly Occurrence[] {
  const { sightings, whole } = findSecrets(piece.text);
  const seen = sightings.map((sighting) => {
    const place = sighting.start === undefined ? placeOfWhole(piece) : piece.placeOf(sighting.start, sighting.start);
    const how = sighting.encoding === 'plain' ? '' : `, written in ${sighting.encoding}`;
    return occurrence('blocked', liftOf(sighting), `${piece.where}: ${sighting.name} ${sighting.shown}${how}`, {
      place,
    });
  });
  return whole ? seen : [...seen, notWhollyRead(piece)];
}

function notWhollyRead(piece: Piece): Occurrence {
  const text = `${piece.where}: more that may be encoded than is searched for keys`;
  return occurrence('incomplete', 'acceptance', text, { place: placeOfWhole(piece), names: [piece.where] });
}

/** Where only a loose shape fits, a person may say that it opens nothing. */
function liftOf({ confidence }: SecretSighting): 'nobody' | 'acceptance' {
  return confidence === 'high' ? 'nobody' : 'acceptance';
}

function placeOfWhole(piece: Piece): Occurrence['place'] {
  return piece.placeOf(0, piece.text.length);
}

function hiddenIn(piece: Piece): readonly Occurrence[] {
  // A mark in the middle of a file is none; at the head of a piece it would pass for one.
  return findHiddenText(`\n${piece.text}`).map(({ span, hiddenClass, count, decoded }) => {
    const says = decoded === undefined ? '' : `, which says '${decoded.slice(0, 80)}'`;
    const text = `${piece.where}: ${count} hidden character${count === 1 ? '' : 's'} (${hiddenClass})${says}`;
    return occurrence('blocked', 'nobody', text, { place: piece.placeOf(span.start - 1, span.end - 1) });
  });
}

function mixedIn(piece: Piece): readonly Occurrence[] {
  return findMixedWords(piece.text).map(({ span, word, reads }) =>
    occurrence('needs-approval', 'approval', `${piece.where}: '${word}' reads as '${reads}' and is another name`, {
      place: piece.placeOf(span.start, span.end),
      names: [word],
    }),
  );
}

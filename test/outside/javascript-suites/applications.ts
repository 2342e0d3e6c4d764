import { listFiles, readText } from '../peer-suites/checkout.ts';
import type { MarkedLine, MarkedTree } from './row.ts';

const SCRIPT = /\.(?:[cm]?[jt]sx?)$/;

/** Not the program itself: its tests, what it ships of others, and other people's fixes. */
const ASIDE =
  /(?:^|\/)(?:node_modules|test|tests|dist|build|vendor|codefixes|cypress|rsn)\/|\.min\.js$|codingChallenges\.ts$|\.spec\.ts$/;

function readApplication(root: string): { readonly [path: string]: string } {
  return Object.fromEntries(
    listFiles(root)
      .filter((path) => SCRIPT.test(path) && !ASIDE.test(path))
      .map((path) => [path, readText(root, path)]),
  );
}

function linesWhere(
  suite: string,
  files: { readonly [path: string]: string },
  isMarked: (file: string, line: string) => boolean,
): readonly MarkedLine[] {
  return Object.entries(files).flatMap(([file, text]) =>
    text.split('\n').flatMap((line, index) => {
      if (!isMarked(file, line)) return [];
      return [{ suite, group: suite, file, line: index + 1, within: 2, wrong: true, categories: [] }];
    }),
  );
}

/** Lines that the shop itself marks as the vulnerable ones of its coding challenges. */
export function readJuiceShop(root: string): readonly MarkedTree[] {
  const files = readApplication(root);
  const lines = linesWhere('juice-shop', files, (_, line) => line.includes('vuln-code-snippet vuln-line'));
  return [{ name: 'juice-shop', files, lines, library: false, noise: true }];
}

/** What the application's tutorial explains, as the text of the line. */
const GOAT_LINES: readonly { readonly file: string; readonly text: string }[] = [
  { file: 'app/routes/contributions.js', text: '= eval(' },
  { file: 'app/routes/index.js', text: 'res.redirect(req.query.url)' },
  { file: 'app/routes/research.js', text: 'needle.get(url' },
  { file: 'app/data/allocations-dao.js', text: '$where' },
  { file: 'app/routes/session.js', text: 'console.log("Error: attempt to login with invalid user:' },
];

export function readNodeGoat(root: string): readonly MarkedTree[] {
  const files = readApplication(root);
  const lines = linesWhere(
    'nodegoat',
    files,
    (file, line) =>
      !/^\s*(?:\/\/|\*)/.test(line) && GOAT_LINES.some((known) => known.file === file && line.includes(known.text)),
  );
  return [{ name: 'nodegoat', files, lines, library: false, noise: true }];
}

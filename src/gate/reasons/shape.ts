import type { TreeChange } from '../../workspace/index.ts';
import { sizeOf } from '../merge-action.ts';
import { atFile, type Occurrence, occurrence, type ReasonRow, type View } from '../reason.ts';

const MEBIBYTE = 1024 * 1024;
/** More than a person reads. */
const MOST_LINES = 20_000;
/** What people look at as pictures, type or sound; it runs nowhere by itself. */
const MEDIA = /\.(?:png|jpe?g|gif|webp|avif|ico|bmp|woff2?|ttf|otf|eot|mp3|mp4|webm|ogg|wav|pdf)$/i;

/** What the change is made of, whatever it says. */
export const SHAPE_REASONS: readonly ReasonRow[] = [
  {
    code: 'GATE050',
    name: 'too-large',
    title: 'The change is larger than anybody reviews',
    what: `More files or bytes than the limits of the policy (\`patchFiles\`, \`patch\`), or more than ${MOST_LINES} changed lines.`,
    why: 'A change that nobody can read is approved unread.',
    lifted: 'a second human, or several smaller changes',
    sources: ['gate reference D12', 'incidents §5 (write budget)'],
    attack: 'A reformatted repository with one line of substance.',
    benign: 'A change of some files.',
    find: judgeSize,
  },
  {
    code: 'GATE051',
    name: 'binary-file',
    title: 'A file that cannot be read is added or changed',
    what: 'A binary that is no picture, font, sound or document.',
    why: 'xz carried its payload in test files. Nobody reviews bytes.',
    lifted: 'a second human',
    sources: ['gate reference 2.5.2 (xz)'],
    attack: '`tests/data/sample.bin` is replaced.',
    benign: 'A logo is replaced.',
    find: ({ evidence }) =>
      evidence.files.filter(isOpaque).map(({ path, kind }) => asking(`${path}: ${kind}, not text`, path)),
  },
  {
    code: 'GATE052',
    name: 'link-or-submodule',
    title: 'A link or a submodule is added or changed',
    what: 'A symbolic link, or another repository at a path of this one. A link that leaves the repository blocks.',
    why: 'A link makes one path another file; a submodule brings content that no reviewer sees here.',
    lifted: 'a second human; nobody for a link that leaves the repository',
    sources: ['incidents i13, i20 (links)', 'CVE-2018-17456'],
    attack: 'A link to `/proc/self/environ`.',
    benign: 'A file is moved.',
    find: ({ evidence, isHuman }) => evidence.files.flatMap((file) => judgeEntry(file, isHuman)),
  },
  {
    code: 'GATE053',
    name: 'made-executable',
    title: 'A file becomes a program',
    what: 'A file gets the execute bit, or a new one has it, in a change that an agent may have made.',
    why: 'What is executable is run by name, by hooks and by build tools.',
    lifted: 'a second human',
    sources: ['gate reference 2.5.3, meta (mode +x)'],
    attack: '`docs/notes.txt` gets mode 755.',
    benign: 'Text is changed.',
    find: ({ evidence, isHuman }) =>
      isHuman ? [] : evidence.files.filter(becomesProgram).map(({ path }) => asking(`${path} is executable now`, path)),
  },
  {
    code: 'GATE054',
    name: 'unsigned-file',
    title: 'A file that must be signed is not',
    what: 'The policy names a signer for files of this path (`signed.files`), and there is no bundle of that signer beside a file that the change adds or replaces.',
    why: 'What others build is taken on its signature: nobody here can read it.',
    lifted: 'the bundle of the signer beside the file, or an approval that names the path',
    sources: ['SLSA Build track v1.0 (verifying artifacts)'],
    attack: '`vendor/tool.tgz` is replaced and its bundle is of the old one.',
    benign: 'File and bundle are replaced together.',
    find: (view) => judgeSigned(view, 'file'),
  },
  {
    code: 'GATE055',
    name: 'unsigned-image',
    title: 'An image that must be signed is not',
    what: 'The policy names a signer for images of this name (`signed.images`), and a pipeline or container file that the change touches uses one by tag, or by a digest without a bundle of that signer.',
    why: 'Whoever can push a tag runs code in the next pipeline, with its credentials.',
    lifted: 'the digest of a signed image with its bundle, or an approval that names the image',
    sources: ['cosign (image signatures)', 'SLSA Build track v1.0'],
    attack: 'The builder image of a job is replaced by another digest that nobody signed.',
    benign: 'The new digest comes with its bundle.',
    find: (view) => judgeSigned(view, 'image'),
  },
];

function judgeSigned({ evidence }: View, kind: 'file' | 'image'): readonly Occurrence[] {
  return (evidence.unsigned ?? []).flatMap((one) =>
    one.kind === kind
      ? occurrence('blocked', 'acceptance', `${one.name}: ${one.fault}; ${one.signer} must have signed it`, {
          place: one.place,
          names: [one.name],
        })
      : [],
  );
}

function asking(text: string, path: string): Occurrence {
  return occurrence('needs-approval', 'approval', text, { place: atFile(path), names: [path] });
}

function judgeSize({ evidence, policy }: View): readonly Occurrence[] {
  const { files, lines } = sizeOf(evidence);
  const bytes = evidence.files.reduce((sum, { after }) => sum + (after?.kind === 'file' ? after.size : 0), 0);
  const { patchFiles, patchMiB } = policy.limits;
  const over = [
    ...(files > patchFiles ? [`${files} files, more than ${patchFiles}`] : []),
    ...(lines > MOST_LINES ? [`${lines} changed lines, more than ${MOST_LINES}`] : []),
    ...(bytes > patchMiB * MEBIBYTE ? [`${Math.ceil(bytes / MEBIBYTE)} MiB of files, more than ${patchMiB}`] : []),
  ];
  return over.map((text) => occurrence('needs-approval', 'approval', text, { names: ['too-large'] }));
}

function isOpaque({ path, new: now }: TreeChange): boolean {
  return now !== undefined && !('text' in now) && now.kind === 'encoding' && !MEDIA.test(path);
}

function judgeEntry({ path, after, kind }: TreeChange, isHuman: boolean): readonly Occurrence[] {
  if (after?.kind === 'submodule') return [asking(`${path}: submodule, ${kind}`, path)];
  if (after?.kind !== 'link') return [];
  if (after.leaves) {
    return [
      occurrence('blocked', 'nobody', `${path} links out of the repository, to ${after.target}`, {
        place: atFile(path),
      }),
    ];
  }
  return isHuman ? [] : [asking(`${path} links to ${after.target}`, path)];
}

function becomesProgram({ before, after }: TreeChange): boolean {
  const runs = (side: TreeChange['after']): boolean => side?.kind === 'file' && side.executable;
  return runs(after) && !runs(before);
}

import { readDockerfile, type SourceFile } from '../../syntax/index.ts';
import type { SheetBuilder } from './sheet.ts';

const ROOT = /^(?:root|0)(?::|$)/;

/** Who a container image runs as, what it is built from, and switches of its build. */
export function addDockerfile(file: SourceFile, sheet: SheetBuilder): void {
  const { instructions, gaps } = readDockerfile(file);
  for (const gap of gaps) sheet.gap(gap);
  let user: { readonly text: string; readonly start: number; readonly end: number } | undefined;
  const stages = new Set<string>();
  for (const { keyword, body, span, flags } of instructions) {
    const words = body.text.trim().split(/\s+/);
    const place = { file: file.path, span };
    if (keyword === 'FROM') {
      user = undefined;
      const image = words[0] ?? '';
      const base = { scope: '', subject: imageName(image), shown: image, value: '', place };
      if (!stages.has(image.toLowerCase()) && image !== 'scratch' && !image.includes('@sha256:'))
        sheet.add({
          control: 'image-unpinned',
          ...base,
          weight: /:[^/]+$/.test(image) && !/:latest$/.test(image) ? 1 : 2,
        });
      if (words[1]?.toLowerCase() === 'as' && words[2]) stages.add(words[2].toLowerCase());
    }
    if (keyword === 'USER') user = { text: words[0] ?? '', ...span };
    for (const { name, value } of flags.map(({ name, value }) => ({ name, value: value.text })))
      if ((name === 'security' && value === 'insecure') || (name === 'network' && value === 'host'))
        sheet.add({
          control: 'container-opened',
          scope: '',
          subject: `--${name}`,
          weight: 1,
          shown: `--${name}=${value}`,
          place,
        });
  }
  if (user && !ROOT.test(user.text))
    sheet.add({
      control: 'container-user-removed',
      scope: '',
      subject: 'user of the image',
      weight: -1,
      shown: user.text,
      value: '',
      place: { file: file.path, span: { start: user.start, end: user.end } },
    });
}

function imageName(image: string): string {
  return image.replace(/@.*$/, '').replace(/:[^/:]*$/, '');
}

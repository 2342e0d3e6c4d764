import { type Place, readDockerfile, type SourceFile } from '../../syntax/index.ts';
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
    if (keyword === 'ARG' || keyword === 'ENV') addSecretName(body.text, place, sheet);
    if (keyword === 'RUN') addInstall(body.text, place, sheet);
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

const SECRET_NAME = /(?:^|_)(?:TOKEN|SECRET|PASSWORD|PASSWD|API_?KEY|PRIVATE_?KEY|CREDENTIALS?|ACCESS_?KEY)(?:_|$)/i;

/** Whoever has the image reads what was given to its build by such a name. */
function addSecretName(body: string, place: Place, sheet: SheetBuilder): void {
  for (const [, name = ''] of body.matchAll(/(?:^|\s)([A-Za-z_]\w{0,100})(?==|\s|$)/g))
    if (SECRET_NAME.test(name))
      sheet.add({
        control: 'secret-in-image',
        scope: '',
        subject: name,
        weight: 1,
        shown: name,
        value: '',
        place,
      });
}

/** Whether packages may run programs while they are installed. */
function addInstall(body: string, place: Place, sheet: SheetBuilder): void {
  for (const [line] of body.matchAll(/\b(?:npm|yarn|pnpm|bun)\s{1,5}(?:ci|install|i|add)\b[^&|;\n]{0,300}/g))
    sheet.add({
      control: 'install-scripts-allowed',
      scope: '',
      subject: 'install scripts of the image',
      weight: line.includes('--ignore-scripts') ? -1 : 0,
      shown: line.trim(),
      value: '',
      place,
    });
  for (const [line] of body.matchAll(
    /--(?:allow-unauthenticated|no-check-certificate|insecure|trusted-host|allow-untrusted|force-yes|no-gpg-check|nogpgcheck)\b|\bcurl\s(?:-\w{0,10}k\w{0,10}\s)/g,
  ))
    sheet.add({
      control: 'tls-check-off',
      scope: '',
      subject: line.trim(),
      weight: 1,
      shown: line.trim(),
      value: '',
      place,
    });
}

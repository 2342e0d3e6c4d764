import { entriesOf, nodeAt, type Readers, type SourceFile } from '../../syntax/index.ts';
import { addPackageScript, type SheetBuilder } from '../configuration/index.ts';

/** Scripts that a package client runs by itself. */
const LIFECYCLE =
  /^(?:pre|post)?(?:install|uninstall|prepare|publish|pack|prepublishOnly|version|dependencies)$|^prepublishOnly$|^gypfile$/;
const SECTIONS = [
  'dependencies',
  'devDependencies',
  'optionalDependencies',
  'peerDependencies',
  'overrides',
  'resolutions',
];
const FOREIGN =
  /^(?:git|https?|git\+\w+|file|link|github|gitlab|bitbucket|portal|exec):|^[\w.-]{1,100}\/[\w.-]{1,100}(?:#|$)|^git@/;

/** What installing a package runs, and from where it takes its parts. */
export function addManifest(file: SourceFile, readers: Readers, sheet: SheetBuilder): void {
  if (!/(?:^|\/)package\.json$/.test(file.path)) return;
  const { root } = readers.json(file);
  for (const { key, value, span } of entriesOf(nodeAt(root, 'scripts'))) {
    if (value.kind !== 'scalar') continue;
    const place = { file: file.path, span };
    if (LIFECYCLE.test(key.text))
      sheet.add({
        control: 'install-script-added',
        scope: '',
        subject: key.text,
        weight: 1,
        shown: `${key.text}: ${value.text}`,
        value: value.text,
        place,
      });
    addPackageScript(key.text, value.text, place, readers, sheet);
  }
  for (const section of SECTIONS)
    for (const { key, value, span } of entriesOf(nodeAt(root, section)))
      if (value.kind === 'scalar' && FOREIGN.test(value.text))
        sheet.add({
          control: 'dependency-foreign',
          scope: '',
          subject: key.text,
          weight: 1,
          shown: `${key.text}: ${value.text}`,
          value: value.text,
          place: { file: file.path, span },
        });
}

import { entriesOf, itemsOf, nodeAt, type Place, type ScalarNode, scalarAt } from '../../../syntax/index.ts';
import type { SheetBuilder } from '../sheet.ts';
import type { TerraformBlock } from './blocks.ts';

/** Where the code of modules and providers comes from. A folder of this repository is reviewed like any file. */
export function addSources(
  { kind, name, body }: TerraformBlock,
  scope: string,
  placeOf: (node: Pick<ScalarNode, 'span'>) => Place,
  sheet: SheetBuilder,
): void {
  if (kind === 'module') {
    const source = scalarAt(body, 'source');
    if (source) addSource(source, scalarAt(body, 'version'), `module ${name}`);
  }
  if (kind === 'terraform')
    for (const providers of itemsOf(nodeAt(body, 'required_providers')))
      for (const { key, value } of entriesOf(providers)) {
        const source = scalarAt(value, 'source');
        if (source) addSource(source, scalarAt(value, 'version'), `provider ${key.text}`);
      }

  function addSource(source: ScalarNode, version: ScalarNode | undefined, subject: string): void {
    if (/^\.{1,2}\//.test(source.text)) return;
    const [address = '', query = ''] = source.text.replace(/^git::|^hg::/, '').split('?');
    const shown = address.slice(0, 200);
    sheet.add({ control: 'module-source-changed', scope, subject, weight: 1, shown, place: placeOf(source) });
    const ref = version?.text ?? /(?:^|&)ref=([^&]{1,200})/.exec(query)?.[1];
    const pin = rankOf(ref);
    if (pin !== 0)
      sheet.add({
        control: 'module-unpinned',
        scope,
        subject,
        weight: pin,
        shown: ref ?? '',
        value: '',
        place: placeOf(version ?? source),
      });
  }
}

/** How little the name can move: a commit, a released version or a range of them, anything else. */
function rankOf(ref: string | undefined): number {
  if (ref === undefined) return 0;
  if (/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(ref)) return -3;
  if (/^=?\s{0,3}v?\d+\.\d+\.\d+$/.test(ref)) return -2;
  return /\d/.test(ref) && !/^\s{0,3}>=?[^,<]*$/.test(ref) ? -1 : 0;
}

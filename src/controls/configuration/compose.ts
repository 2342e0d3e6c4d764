import { entriesOf, itemsOf, type Node, nodeAt, type SourceFile, scalarAt, scalarsOf } from '../../syntax/index.ts';
import type { SheetBuilder } from './sheet.ts';

const HOST_PATH =
  /^(?:\/var\/run\/|\/run\/)?\S{0,80}(?:docker|containerd|podman)\.sock|^\/(?:$|etc|proc|sys|root|var\/run|dev)(?:\/|$)/;

/** What a service of a Compose file mounts from its host and opens to everybody. Switches are options of any file. */
export function addServices(root: Node | undefined, file: SourceFile, sheet: SheetBuilder): void {
  for (const { key, value } of entriesOf(nodeAt(root, 'services'))) {
    const scope = `service ${key.text}`;
    sheet.scope(scope, { file: file.path, span: key.span });
    for (const volume of itemsOf(nodeAt(value, 'volumes'))) {
      const source = volume.kind === 'scalar' ? volume.text.split(':')[0] : scalarAt(volume, 'source')?.text;
      if (source !== undefined && HOST_PATH.test(source))
        sheet.add({
          control: 'container-opened',
          scope,
          subject: `mount ${source}`,
          weight: 1,
          shown: `mount of ${source}`,
          place: { file: file.path, span: volume.span },
        });
    }
    for (const port of scalarsOf(nodeAt(value, 'ports')))
      if (!/^127\.|^\[?::1|^localhost/.test(port.text) && port.text.includes(':'))
        sheet.add({
          control: 'port-published',
          scope,
          subject: port.text.split(':').at(-1) ?? '',
          weight: 1,
          shown: port.text,
          value: '',
          place: { file: file.path, span: port.span },
        });
  }
}

import type { Container } from '../../../pipelines/index.ts';
import type { SheetBuilder } from '../sheet.ts';

const HOST_MOUNT = /docker\.sock|containerd\.sock|^\/(?::|$)|^\/(?:etc|var\/run|root|proc|sys)(?:[/:]|$)/;
const OPEN_OPTION =
  /--privileged|--(?:pid|network|net|ipc|userns)[= ]host|--cap-add[= ]\S+|--security-opt[= ]\S*unconfined/g;

/** What a job's container may do to its host. */
export function addContainer(container: Container, scope: string, sheet: SheetBuilder): void {
  const control = 'pipeline-container-opened';
  if (container.privileged)
    sheet.add({ control, scope, subject: 'privileged', weight: 1, shown: 'privileged', place: container.privileged });
  for (const { value, place } of container.mounts)
    if (HOST_MOUNT.test(value))
      sheet.add({ control, scope, subject: value.split(':')[0] ?? value, weight: 1, shown: value, place });
  if (container.options)
    for (const [option] of container.options.text.slice(0, 4000).matchAll(OPEN_OPTION))
      sheet.add({ control, scope, subject: option, weight: 1, shown: option, place: container.options.place });
}

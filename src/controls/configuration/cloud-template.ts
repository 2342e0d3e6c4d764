import { entriesOf, type Node, nodeAt, type SourceFile, scalarAt } from '../../syntax/index.ts';
import { addNetworkRules } from './network-rules.ts';
import { addOptions } from './options/options.ts';
import type { SheetBuilder } from './sheet.ts';

/** Types are written with colons in CloudFormation (`AWS::S3::Bucket`) and Pulumi (`aws:s3:Bucket`). */
const TYPE = /^[A-Za-z][\w-]{0,60}:{1,2}[\w:/-]{1,200}$/;

/**
 * Resources of a CloudFormation, SAM or Pulumi template, each a scope of its own: what goes with its resource is not lost.
 * @returns whether the document is such a template.
 */
export function addCloudTemplate(root: Node, file: SourceFile, sheet: SheetBuilder): boolean {
  const resources = nodeAt(root, 'Resources') ?? nodeAt(root, 'resources', 'Resources') ?? nodeAt(root, 'resources');
  const rows = entriesOf(resources).flatMap(({ key, value }) => {
    const type = scalarAt(value, 'Type')?.text ?? scalarAt(value, 'type')?.text ?? '';
    return TYPE.test(type) ? [{ key, value, type }] : [];
  });
  for (const { key, value, type } of rows) {
    const scope = `resource ${key.text}`;
    sheet.scope(scope, { file: file.path, span: key.span });
    addOptions(value, file, scope, sheet);
    addNetworkRules(value, file, scope, type, sheet);
    if (PROTECTING.test(type))
      sheet.add({
        control: 'protecting-resource-removed',
        scope,
        subject: key.text,
        weight: -1,
        shown: `${key.text} (${type})`,
        value: type,
        place: { file: file.path, span: key.span },
        standing: true,
      });
  }
  return rows.length > 0;
}

/** Resources whose mere existence protects something. */
const PROTECTING =
  /(?:CloudTrail::Trail|GuardDuty::Detector|WAFv2::WebACL(?:Association)?|SecurityHub::Hub|EC2::FlowLog|Config::Config(?:Rule|urationRecorder)|Macie::Session|IAM::AccountPasswordPolicy|s3:BucketPublicAccessBlock|s3\/bucketPublicAccessBlock\S{0,60}|cloudtrail:Trail|guardduty:Detector|wafv2:WebAcl)$/i;

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Case, checkCase, sentenceOf } from '../cases.ts';
import { compare, loadTools, type Tools } from '../trees.ts';

const resource = (type: string, lines: string, name = 'main'): string =>
  `resource "${type}" "${name}" {\n${lines
    .trim()
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n')}\n}\n`;
const one = (
  name: string,
  type: string,
  was: string,
  now: string,
  control: string | undefined,
  line?: string,
): Case => ({
  name,
  file: 'infra/main.tf',
  before: resource(type, was),
  after: resource(type, now),
  control,
  ...(line === undefined ? {} : { line }),
});

const SWITCH = 'protective-setting-off';
const SWITCHES: readonly Case[] = [
  one(
    'a database that everybody reaches',
    'aws_db_instance',
    'publicly_accessible = false',
    'publicly_accessible = true',
    SWITCH,
    'publicly',
  ),
  one('a volume without encryption', 'aws_ebs_volume', 'encrypted = true', 'size = 10', 'tls-check-off'),
  one(
    'a database that can be destroyed',
    'aws_db_instance',
    'lifecycle {\n  prevent_destroy = true\n}',
    'lifecycle {\n  create_before_destroy = true\n}',
    SWITCH,
  ),
  one(
    'versions that are no longer kept',
    'aws_s3_bucket_versioning',
    'versioning_configuration {\n  status = "Enabled"\n}',
    'versioning_configuration {\n  status = "Suspended"\n}',
    SWITCH,
    'Suspended',
  ),
  one(
    'a bucket that is deleted with its content',
    'aws_s3_bucket',
    'bucket = "logs"',
    'bucket        = "logs"\nforce_destroy = true',
    SWITCH,
  ),
  one(
    'a bucket that everybody reads',
    'aws_s3_bucket_acl',
    'acl = "private"',
    'acl = "public-read"',
    SWITCH,
    'public-read',
  ),
  one(
    'a deletion that needs no second factor',
    'aws_s3_bucket_versioning',
    'versioning_configuration {\n  mfa_delete = "Enabled"\n}',
    'versioning_configuration {\n  mfa_delete = "Disabled"\n}',
    SWITCH,
  ),
  one(
    'an older protocol',
    'aws_lb_listener',
    'ssl_policy = "ELBSecurityPolicy-TLS13-1-2-2021-06"',
    'ssl_policy = "ELBSecurityPolicy-TLS13-1-0-2021-06"',
    'tls-check-off',
  ),
  one(
    'a storage account with TLS 1.0',
    'azurerm_storage_account',
    'min_tls_version = "TLS1_2"',
    'min_tls_version = "TLS1_0"',
    'tls-check-off',
  ),
  one(
    'a distribution without TLS',
    'aws_cloudfront_distribution',
    'default_cache_behavior {\n  viewer_protocol_policy = "redirect-to-https"\n}',
    'default_cache_behavior {\n  viewer_protocol_policy = "allow-all"\n}',
    'tls-check-off',
  ),
  one(
    'metadata without a token',
    'aws_instance',
    'metadata_options {\n  http_tokens = "required"\n}',
    'metadata_options {\n  http_tokens = "optional"\n}',
    SWITCH,
  ),
  one(
    'a route without authorisation',
    'aws_apigatewayv2_route',
    'authorization_type = "JWT"',
    'authorization_type = "NONE"',
    SWITCH,
  ),
  one(
    'backups that nobody makes any more',
    'aws_db_instance',
    'backup_retention_period = 14',
    'backup_retention_period = 0',
    SWITCH,
  ),
  one(
    'a key that is not named any more',
    'aws_cloudtrail',
    'name       = "all"\nkms_key_id = aws_kms_key.logs.arn',
    'name = "all"',
    SWITCH,
  ),
  one(
    'administrators bypassing the protection of a branch',
    'github_branch_protection',
    'enforce_admins = true',
    'enforce_admins = false',
    SWITCH,
  ),
  one(
    'records that are kept a little shorter',
    'aws_cloudwatch_log_group',
    'retention_in_days = 90',
    'retention_in_days = 60',
    undefined,
  ),
  one('another key', 'aws_cloudtrail', 'kms_key_id = aws_kms_key.a.arn', 'kms_key_id = aws_kms_key.b.arn', undefined),
  one(
    'another name and further tags',
    'aws_db_instance',
    'encrypted = true\ntags = { a = 1 }',
    '# bigger\ntags = {\n  a = 1\n  b = 2\n}\nencrypted = true',
    undefined,
  ),
  one('a larger machine', 'aws_instance', 'instance_type = "t3.small"', 'instance_type = "t3.large"', undefined),
];

const NETWORK: readonly Case[] = [
  one(
    'a port that the world reaches',
    'aws_security_group',
    'ingress {\n  from_port = 5432\n  to_port = 5432\n  cidr_blocks = ["10.0.0.0/16"]\n}',
    'ingress {\n  from_port = 5432\n  to_port = 5432\n  cidr_blocks = ["10.0.0.0/16", "0.0.0.0/0"]\n}',
    'network-opened',
    '0.0.0.0/0',
  ),
  one(
    'half of the world',
    'aws_vpc_security_group_ingress_rule',
    'from_port = 22\nto_port = 22\ncidr_ipv4 = "192.0.2.0/24"',
    'from_port = 22\nto_port = 22\ncidr_ipv4 = "0.0.0.0/1"',
    'network-opened',
  ),
  one(
    'every port',
    'aws_security_group_rule',
    'type = "ingress"\nfrom_port = 443\nto_port = 443\ncidr_blocks = ["10.0.0.0/16"]',
    'type = "ingress"\nfrom_port = 0\nto_port = 65535\ncidr_blocks = ["10.0.0.0/16"]',
    'network-opened',
  ),
  one(
    'a dynamic block that lets everybody in',
    'aws_security_group',
    'dynamic "ingress" {\n  for_each = var.ports\n  content {\n    from_port = ingress.value\n    cidr_blocks = ["10.0.0.0/8"]\n  }\n}',
    'dynamic "ingress" {\n  for_each = var.ports\n  content {\n    from_port = ingress.value\n    cidr_blocks = ["0.0.0.0/0"]\n  }\n}',
    'network-opened',
  ),
  one(
    'a firewall of another cloud',
    'google_compute_firewall',
    'allow {\n  protocol = "tcp"\n  ports = ["22"]\n}\nsource_ranges = ["10.0.0.0/8"]',
    'allow {\n  protocol = "tcp"\n  ports = ["22"]\n}\nsource_ranges = ["0.0.0.0/0"]',
    'network-opened',
  ),
  one(
    'a rule of a third',
    'azurerm_network_security_rule',
    'access = "Allow"\ndirection = "Inbound"\ndestination_port_range = "3389"\nsource_address_prefix = "10.0.0.0/8"',
    'access = "Allow"\ndirection = "Inbound"\ndestination_port_range = "3389"\nsource_address_prefix = "*"',
    'network-opened',
  ),
  one(
    'a smaller network',
    'aws_security_group',
    'ingress {\n  from_port = 22\n  cidr_blocks = ["10.0.0.0/8"]\n}',
    'ingress {\n  from_port = 22\n  cidr_blocks = ["10.1.0.0/16"]\n}',
    'network-opened',
  ),
  one(
    'the rules in another order',
    'aws_security_group',
    'ingress {\n  from_port = 22\n  to_port = 22\n  cidr_blocks = ["10.0.0.0/8"]\n}\ningress {\n  from_port = 443\n  to_port = 443\n  cidr_blocks = ["0.0.0.0/0"]\n}',
    'ingress {\n  description = "web"\n  to_port = 443\n  from_port = 443\n  cidr_blocks = ["0.0.0.0/0"]\n}\n\ningress {\n  from_port = 22\n  to_port = 22\n  cidr_blocks = ["10.0.0.0/8"]\n}',
    undefined,
  ),
  one(
    'a route into the world',
    'aws_route',
    'destination_cidr_block = "10.0.0.0/8"',
    'destination_cidr_block = "0.0.0.0/0"',
    undefined,
  ),
  one('a range of the network itself', 'aws_vpc', 'cidr_block = "10.0.0.0/16"', 'cidr_block = "10.0.0.0/8"', undefined),
];

const document = (lines: string): string =>
  `data "aws_iam_policy_document" "app" {\n  statement {\n    ${lines.split('\n').join('\n    ')}\n  }\n}\n`;
const RIGHTS: readonly Case[] = [
  {
    name: 'a document that allows everything',
    file: 'infra/iam.tf',
    before: document('actions = ["s3:GetObject"]\nresources = ["arn:aws:s3:::app/*"]'),
    after: document('actions = ["s3:*"]\nresources = ["*"]'),
    control: 'iam-widened',
  },
  {
    name: 'a role that everybody takes on',
    file: 'infra/iam.tf',
    before: document(
      'actions = ["sts:AssumeRole"]\nprincipals {\n  type = "AWS"\n  identifiers = ["arn:aws:iam::111122223333:root"]\n}',
    ),
    after: document('actions = ["sts:AssumeRole"]\nprincipals {\n  type = "AWS"\n  identifiers = ["*"]\n}'),
    control: 'iam-widened',
    line: '"*"',
  },
  {
    name: 'a role that every branch takes on',
    file: 'infra/iam.tf',
    before: document(
      'actions = ["sts:AssumeRoleWithWebIdentity"]\ncondition {\n  test = "StringLike"\n  variable = "x:sub"\n  values = ["repo:acme/app:environment:production"]\n}',
    ),
    after: document(
      'actions = ["sts:AssumeRoleWithWebIdentity"]\ncondition {\n  test = "StringLike"\n  variable = "x:sub"\n  values = ["repo:acme/app:*"]\n}',
    ),
    control: 'iam-condition-removed',
  },
  {
    name: 'a refusal that is gone',
    file: 'infra/iam.tf',
    before: document('effect = "Deny"\nactions = ["s3:DeleteBucket"]\nresources = ["*"]'),
    after: document('actions = ["s3:ListBucket"]\nresources = ["arn:aws:s3:::app"]'),
    control: 'iam-deny-removed',
  },
  one(
    'a policy in a call',
    'aws_iam_policy',
    'policy = jsonencode({ Statement = [{ Effect = "Allow", Action = ["s3:GetObject"], Resource = "arn:aws:s3:::app/x" }] })',
    'policy = jsonencode({ Statement = [{ Effect = "Allow", Action = ["*"], Resource = "arn:aws:s3:::app/x" }] })',
    'iam-widened',
    '"*"',
  ),
  one(
    'a policy in a here-document',
    'aws_iam_policy',
    'policy = <<-EOT\n  {"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::app/x"}]}\nEOT',
    'policy = <<-EOT\n  {"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}\nEOT',
    'iam-widened',
    '"*"',
  ),
  one(
    'the policy of an administrator',
    'aws_iam_role_policy_attachment',
    'policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"',
    'policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"',
    'iam-widened',
  ),
  one(
    'a bucket for all users',
    'google_storage_bucket_iam_member',
    'member = "user:ann@example.test"',
    'member = "allUsers"',
    'iam-widened',
  ),
  {
    name: 'a name for a statement, and statements in another order',
    file: 'infra/iam.tf',
    before: document('actions = ["s3:GetObject", "s3:ListBucket"]\nresources = ["arn:aws:s3:::app/x"]'),
    after: document(
      'sid = "Read"\neffect = "Allow"\nresources = ["arn:aws:s3:::app/x"]\nactions = ["s3:ListBucket", "s3:GetObject"]',
    ),
    control: undefined,
  },
];

const WHOLE: readonly Case[] = [
  {
    name: 'a default that makes a machine public, by what the variable is used for',
    file: 'main.tf',
    before: `variable "exposed" {\n  default = false\n}\n${resource('aws_instance', 'associate_public_ip_address = var.exposed')}`,
    after: `variable "exposed" {\n  default = true\n}\n${resource('aws_instance', 'associate_public_ip_address = var.exposed')}`,
    control: SWITCH,
    line: 'default = true',
  },
  {
    name: 'a value file that lets everybody in',
    file: 'prod.tfvars',
    before: 'public_access_cidrs = ["192.0.2.0/24"]\n',
    after: 'public_access_cidrs = ["0.0.0.0/0"]\n',
    control: 'network-opened',
  },
  {
    name: 'a provider of another publisher',
    file: 'versions.tf',
    before: 'terraform {\n  required_providers {\n    cloud = {\n      source = "acme/cloud"\n    }\n  }\n}\n',
    after: 'terraform {\n  required_providers {\n    cloud = {\n      source = "acme-labs/cloud"\n    }\n  }\n}\n',
    control: 'module-source-changed',
  },
  {
    name: 'a module at a branch',
    file: 'main.tf',
    before: 'module "net" {\n  source = "git::https://example.test/net.git?ref=v1.2.0"\n}\n',
    after: 'module "net" {\n  source = "git::https://example.test/net.git?ref=main"\n}\n',
    control: 'module-unpinned',
  },
  {
    name: 'a new rule that opens remote login to the world',
    file: 'main.tf',
    before: resource('aws_security_group', 'name = "web"'),
    after:
      resource('aws_security_group', 'name = "web"') +
      resource(
        'aws_security_group_rule',
        'type = "ingress"\nfrom_port = 22\nto_port = 22\ncidr_blocks = ["0.0.0.0/0"]',
      ),
    control: 'network-opened',
  },
  {
    name: 'a resource that went with what protected it',
    file: 'main.tf',
    before: resource('aws_ebs_volume', 'encrypted = true') + resource('aws_instance', 'ami = "a"'),
    after: resource('aws_instance', 'ami = "a"'),
    control: undefined,
  },
  {
    name: 'a resource under another name',
    file: 'main.tf',
    before: resource('aws_ebs_volume', 'encrypted = true\nkms_key_id = "k"'),
    after: resource('aws_ebs_volume', 'encrypted = true\nkms_key_id = "k"', 'data'),
    control: undefined,
  },
  {
    name: 'an address in JSON that everybody reaches',
    file: 'main.tf.json',
    before: '{"resource":{"aws_db_instance":{"main":{"publicly_accessible":false}}}}',
    after: '{"resource":{"aws_db_instance":{"main":{"publicly_accessible":true}}}}',
    control: SWITCH,
  },
];

describe('Terraform and OpenTofu', () => {
  let tools: Tools;
  before(async () => {
    tools = await loadTools();
  });
  after(() => tools.grammars[Symbol.dispose]());

  for (const row of [...SWITCHES, ...NETWORK, ...RIGHTS, ...WHOLE]) it(sentenceOf(row), () => checkCase(row, tools));

  const trail = resource(
    'aws_s3_bucket',
    'bucket = "logs"\nforce_destroy = false\nlogging {\n  target = "x"\n}\nkms_key_id = "k"',
    'logs',
  );

  it('follows a resource into another file of its folder', () => {
    const { changes } = compare(
      tools,
      [{ file: 'infra/main.tf', text: trail + resource('aws_instance', 'ami = "a"') }],
      [
        { file: 'infra/main.tf', text: resource('aws_instance', 'ami = "a"') },
        { file: 'infra/storage.tf', text: trail.replace('  kms_key_id = "k"\n', '') },
      ],
    );
    assert.deepEqual(
      changes.filter(({ direction }) => direction === 'weakened').map(({ control }) => control),
      [SWITCH],
    );
  });

  it('does not set off what one environment loses against what another gains', () => {
    const volume = (on: boolean): string => resource('aws_ebs_volume', `encrypted = ${on}`);
    const { changes } = compare(
      tools,
      [
        { file: 'prod/main.tf', text: volume(true) },
        { file: 'dev/main.tf', text: volume(false) },
      ],
      [
        { file: 'prod/main.tf', text: volume(false) },
        { file: 'dev/main.tf', text: volume(true) },
      ],
    );
    assert.ok(changes.some(({ direction, after: at }) => direction === 'weakened' && at?.file === 'prod/main.tf'));
  });
});

import type { FactClass } from '../facts/compare-facts.ts';
import { fileChange } from './example.ts';

const COMMON = { group: 'infrastructure', direction: 'weakened', meta: false } as const;
const MAIN = 'infra/main.tf';
const firewall = (rule: string): string => `resource "aws_security_group" "web" {\n  name = "web"\n\n${rule}}\n`;
const ingress = (range: string): string =>
  `  ingress {\n    from_port   = 22\n    to_port     = 22\n    protocol    = "tcp"\n    cidr_blocks = ["${range}"]\n  }\n`;
const module = (lines: string): string => `module "network" {\n${lines}}\n`;
const REGISTRY_MODULE = '  source  = "acme/network/aws"\n  version = "4.1.0"\n';

/** Clouds as code: Terraform, OpenTofu, CloudFormation, Pulumi. */
export const CLOUD_CLASSES: readonly FactClass[] = [
  {
    ...COMMON,
    id: 'network-opened',
    severity: 'high',
    title: 'A firewall lets more through',
    why: 'Whoever is in the range speaks to what stands behind it.',
    advice: 'Name the networks and ports that are needed.',
    tags: ['CWE-284', 'CWE-668'],
    weakened: '{scope} lets through {now}',
    added: '{scope} is new and lets through {now}',
    strengthened: '{scope} no longer lets through {was}',
    attack: fileChange(MAIN, firewall(ingress('10.0.0.0/8')), firewall(ingress('0.0.0.0/0'))),
    benign: fileChange(
      MAIN,
      firewall(ingress('10.0.0.0/8')),
      firewall(`  # from the office\n${ingress('10.0.0.0/8').replaceAll('   =', ' =')}\n  tags = { team = "web" }\n`),
    ),
  },
  {
    ...COMMON,
    id: 'protecting-resource-removed',
    severity: 'high',
    movable: true,
    title: 'A resource that protects is gone',
    why: 'Nobody records, refuses or encrypts any more what it recorded, refused or encrypted.',
    advice: 'Name what protects instead.',
    tags: ['CWE-693'],
    weakened: 'The protecting resource {was} is gone',
    strengthened: 'A protecting resource is new: {now}',
    attack: fileChange(MAIN, `resource "aws_cloudtrail" "all" {\n  name = "all"\n}\n${firewall('')}`, firewall('')),
    benign: {
      before: [{ file: MAIN, text: `resource "aws_cloudtrail" "all" {\n  name = "all"\n}\n${firewall('')}` }],
      after: [
        { file: MAIN, text: firewall('') },
        { file: 'infra/audit.tf', text: 'resource "aws_cloudtrail" "all" {\n  name = "all"\n}\n' },
      ],
    },
  },
  {
    ...COMMON,
    id: 'module-source-changed',
    direction: 'changed',
    severity: 'high',
    title: 'A module or a provider comes from another place',
    why: 'Its code runs with the rights of whoever applies, and stands in no review of this repository.',
    advice: 'Look at the address and at the code behind it.',
    tags: ['CWE-829'],
    weakened: '',
    changed: { says: 'The {subject} comes from {now} (before: {was})', severity: 'high' },
    attack: fileChange(
      MAIN,
      module(REGISTRY_MODULE),
      module('  source = "git::https://example.test/network.git?ref=4.1.0"\n'),
    ),
    benign: fileChange(
      MAIN,
      module(REGISTRY_MODULE),
      module('  version = "4.2.0"\n  source  = "acme/network/aws"\n  name    = "web"\n'),
    ),
  },
  {
    ...COMMON,
    id: 'module-unpinned',
    severity: 'medium',
    title: 'The code of a module or a provider can change by itself',
    why: 'Whoever publishes the next version decides what is applied.',
    advice: 'Name the version, or the commit.',
    tags: ['CWE-1357'],
    weakened: 'The version of {subject} can move: {now} (before: {was})',
    strengthened: 'The version of {subject} moves less: {now}',
    attack: fileChange(MAIN, module(REGISTRY_MODULE), module('  source = "acme/network/aws"\n')),
    benign: fileChange(MAIN, module(REGISTRY_MODULE), module('  source  = "acme/network/aws"\n  version = "4.2.0"\n')),
  },
  {
    ...COMMON,
    id: 'infrastructure-runs-program',
    direction: 'added-capability',
    severity: 'high',
    title: 'A plan or an apply starts a program',
    why: 'It runs with the credentials of whoever plans or applies; an external data source already in a plan.',
    advice: 'Read it as code that runs with those rights.',
    tags: ['CWE-829'],
    weakened: '{scope} starts a program: {now}',
    strengthened: '{scope} no longer starts a program: {was}',
    changed: { says: '{scope} starts another program: {now} (before: {was})', severity: 'medium' },
    attack: fileChange(
      MAIN,
      firewall(''),
      `${firewall('')}data "external" "lookup" {\n  program = ["sh", "lookup.sh"]\n}\n`,
    ),
    benign: fileChange(
      MAIN,
      'data "external" "lookup" {\n  program = ["sh", "lookup.sh"]\n}\n',
      '# asks the inventory\ndata "external" "lookup" {\n  program = ["sh", "lookup.sh"]\n  query   = { name = "web" }\n}\n',
    ),
  },
  {
    ...COMMON,
    id: 'authorization-rule-loosened',
    group: 'policy-text',
    severity: 'high',
    title: 'A rule about who may do what lets more in',
    why: 'Every service that asks the policy lets in whom it lets in.',
    advice: 'Keep the condition, or name who needs more.',
    tags: ['CWE-285', 'CWE-863'],
    weakened: '{scope}: it no longer asks for {was}; now {now}',
    added: 'A rule is new: {scope}',
    strengthened: '{scope}: it asks for more',
    attack: fileChange(
      'policy/app.rego',
      'package app\n\ndefault allow := false\n\nallow if {\n  input.user.role == "admin"\n  input.user.active\n}\n',
      'package app\n\ndefault allow := false\n\nallow if {\n  input.user.active\n}\n',
    ),
    benign: fileChange(
      'policy/app.rego',
      'package app\n\ndefault allow := false\n\nallow if {\n  input.user.role == "admin"\n  input.user.active\n}\n',
      'package app\n\ndefault allow := false\n\n# administrators who did not leave\nallow if {\n  input.user.active\n  input.user.role == "admin"\n}\n',
    ),
  },
  {
    ...COMMON,
    id: 'safeguard-lost',
    group: 'guard',
    severity: 'high',
    movable: true,
    title: 'A safeguard of a framework is gone or switched off',
    why: 'What the framework refused by itself gets through.',
    advice: 'Keep it, or say where it stands now.',
    tags: ['CWE-693'],
    weakened: 'The framework protects less ({subject}): {now} (before: {was})',
    strengthened: 'The framework protects more ({subject})',
    attack: fileChange(
      'app/controllers/orders_controller.rb',
      'class OrdersController < ApplicationController\n  before_action :authenticate_user!\n\n  def index\n  end\nend\n',
      'class OrdersController < ApplicationController\n  def index\n  end\nend\n',
    ),
    benign: {
      before: [
        { file: 'app/a.rb', text: 'class A < Base\n  before_action :authenticate_user!\nend\n' },
        { file: 'app/base.rb', text: 'class Base\nend\n' },
      ],
      after: [
        { file: 'app/a.rb', text: 'class A < Base\nend\n' },
        { file: 'app/base.rb', text: 'class Base\n  before_action :authenticate_user!\nend\n' },
      ],
    },
  },
];

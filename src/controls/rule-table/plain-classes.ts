import type { ControlClass } from '../control-class.ts';
import { fileChange } from './example.ts';

const COMMON = { group: 'guard', direction: 'weakened', severity: 'high', meta: false, tags: ['CWE-693'] } as const;
const RUST = (condition: string): string =>
  `pub fn remove(user: &User, id: u64) -> Result<(), Error> {\n    if ${condition} {\n        return Err(Error::Forbidden);\n    }\n    STORE.remove(id)\n}\n`;

/** Programs in languages without a grammar here. They are read by words and indentation, so a person has the last word. */
export const PLAIN_CLASSES: readonly ControlClass[] = [
  {
    ...COMMON,
    id: 'refusal-removed',
    title: 'A check that refuses is gone, in a language that is read by its words alone',
    why: 'What the condition kept out gets through. No grammar reads this language here, so that nothing else would tell.',
    advice: 'Look at what the old line kept out, and at where the new code does.',
    attack: fileChange(
      'app/refund.rb',
      'class Refund\n  def call(user, order)\n    return forbidden unless user.admin?\n    order.refund!\n  end\nend\n',
      'class Refund\n  def call(user, order)\n    order.refund!\n  end\nend\n',
    ),
    benign: fileChange(
      'app/refund.rb',
      'class Refund\n  def call(user, order)\n    return forbidden unless user.admin?\n    order.refund!\n  end\nend\n',
      'class Refund\n  def call(user, order)\n    if !user.admin?\n      return forbidden\n    end\n    order.refund!(:asked)\n  end\nend\n',
    ),
  },
  {
    ...COMMON,
    id: 'refusal-loosened',
    title: 'A check refuses less, in a language that is read by its words alone',
    why: 'A case is gone, an exception was added, or it compares otherwise: the line still looks like a check.',
    advice: 'Keep the condition, or say who passes now and why.',
    attack: fileChange('src/api.rs', RUST('!user.is_admin'), RUST('!user.is_admin && user.name != "svc"')),
    benign: fileChange('src/api.rs', RUST('!user.is_admin'), RUST('!user.is_admin || user.is_blocked')),
  },
  {
    ...COMMON,
    id: 'refusal-changed',
    direction: 'changed',
    title: 'A check asks something else, in a language that is read by its words alone',
    why: 'Which way it goes is a question for a person.',
    advice: 'Compare both conditions by their meaning.',
    attack: fileChange('src/api.rs', RUST('user.role != Role::Admin'), RUST('user.role != Role::Guest')),
    benign: fileChange(
      'src/api.rs',
      RUST('user.role != Role::Admin'),
      RUST('user.role != Role::Admin').replaceAll('user', 'actor'),
    ),
  },
  {
    ...COMMON,
    id: 'protecting-word-lost',
    direction: 'changed',
    title: 'A name of protection is gone, in a language that is read by its words alone',
    why: 'Who is asked for, a comparison in constant time or an escape of text went with the line, and nothing of that name came instead.',
    advice: 'Look at what the line did, and where that is done now.',
    attack: fileChange(
      'src/webhook.php',
      '<?php\nfunction same(string $a, string $b): bool {\n    return hash_equals($a, $b);\n}\n',
      '<?php\nfunction same(string $a, string $b): bool {\n    return $a == $b;\n}\n',
    ),
    benign: fileChange(
      'src/webhook.php',
      '<?php\nfunction same(string $a, string $b): bool {\n    return hash_equals($a, $b);\n}\n',
      '<?php\nfunction same(string $a, string $b): bool {\n    $same = hash_equals($a, $b);\n    return $same;\n}\n',
    ),
  },
  {
    ...COMMON,
    id: 'protecting-value-changed',
    direction: 'changed',
    title: 'A value of protection is another, in a language that is read by its words alone',
    why: 'A number, a switch or a role beside words of access decides how much is refused.',
    advice: 'Say which way the value goes, and why.',
    attack: fileChange(
      'app/account.rb',
      'class Account\n  validates :password, length: { minimum: 12 }\nend\n',
      'class Account\n  validates :password, length: { minimum: 4 }\nend\n',
    ),
    benign: fileChange(
      'app/account.rb',
      'class Account\n  validates :password, length: { minimum: 12 }\nend\n',
      'class Account\n  validates :password, length: { minimum: 12 } # long\nend\n',
    ),
  },
];

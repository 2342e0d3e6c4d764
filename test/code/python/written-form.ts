import type { Argument, Expression, FunctionNode, MapPart, Statement, Target } from '../../../src/code/index.ts';

/** The common form in one line, for comparison: `x = (+ a 1)`. */
export function writeStatements(statements: readonly Statement[]): string {
  return statements.map(writeStatement).join('; ');
}

function writeStatement(statement: Statement): string {
  switch (statement.kind) {
    case 'expression':
      return write(statement.value);
    case 'assign':
      return `${writeTarget(statement.target)} ${statement.operator} ${write(statement.value)}`;
    case 'branch':
      return `if ${write(statement.test)} {${writeStatements(statement.then)}} {${writeStatements(statement.otherwise)}}`;
    case 'loop': {
      const head = statement.each
        ? `each ${writeTarget(statement.each.target)} of ${write(statement.each.of)}`
        : `while ${statement.test ? write(statement.test) : ''}`;
      const tail = statement.otherwise.length > 0 ? ` else {${writeStatements(statement.otherwise)}}` : '';
      const label = statement.label === undefined ? '' : `${statement.label}: `;
      return `${label}${head} {${writeStatements(statement.body)}}${tail}`;
    }
    case 'choice': {
      const cases = statement.cases.map(
        (one) =>
          `[${one.values.map(write).join('|')}](${one.bindings.join(' ')})${one.test ? ` if ${write(one.test)}` : ''} {${writeStatements(one.body)}}`,
      );
      return `choose ${write(statement.subject)} ${cases.join(' ')}`;
    }
    case 'try': {
      const handlers = statement.handlers.map(
        (one) => `except ${one.types.join('|')} as ${one.binding ?? '-'} {${writeStatements(one.body)}}`,
      );
      return `try {${writeStatements(statement.body)}} ${handlers.join(' ')} else {${writeStatements(statement.otherwise)}} finally {${writeStatements(statement.finaliser)}}`;
    }
    case 'with':
      return `with ${write(statement.value)} as ${statement.target ? writeTarget(statement.target) : '-'} {${writeStatements(statement.body)}}`;
    case 'function':
      return writeFunction(statement.function);
    case 'class': {
      const { name, bases, members } = statement.class;
      const inner = members.map(
        (member) =>
          `${member.static ? 'static ' : ''}${member.kind} ${member.name}${member.annotation ? `: ${member.annotation}` : ''}${member.function ? ` ${writeFunction(member.function)}` : ''}${member.value ? ` = ${write(member.value)}` : ''}`,
      );
      return `class ${name}(${bases.map(write).join(', ')}) {${inner.join('; ')}}`;
    }
    case 'import':
      return `import ${statement.from} ${statement.names.map(({ exported, local }) => `${exported}>${local}`).join(' ')}`;
    case 'export':
      return `export ${statement.name} ${write(statement.value)}`;
    case 'declare':
      return `declare ${statement.names.join(' ')}`;
    case 'delete':
      return `delete ${writeTarget(statement.target)}`;
    case 'assert':
      return `assert ${write(statement.test)}`;
    case 'block':
      return `${statement.label === undefined ? '' : `${statement.label}: `}{${writeStatements(statement.body)}}`;
    case 'break':
    case 'continue':
      return statement.label === undefined ? statement.kind : `${statement.kind} ${statement.label}`;
    default:
      return `${statement.kind} ${statement.value ? write(statement.value) : '-'}`;
  }
}

function writeFunction(node: FunctionNode): string {
  const marks = [node.async ? 'async ' : '', node.generator ? 'generator ' : '', node.arrow ? 'arrow ' : ''].join('');
  const parameters = node.parameters.map((parameter) => {
    const rest = parameter.rest === 'positional' ? '*' : parameter.rest === 'keyword' ? '**' : '';
    const type = parameter.annotation ? `: ${parameter.annotation}` : '';
    return `${rest}${writeTarget(parameter.target)}${type}${parameter.default ? ` = ${write(parameter.default)}` : ''}`;
  });
  const decorators = node.decorators.map((decorator) => `@${write(decorator)} `).join('');
  return `${decorators}${marks}def ${node.name ?? '-'}(${parameters.join(', ')}) {${writeStatements(node.body)}}`;
}

function writeTarget(target: Target): string {
  switch (target.kind) {
    case 'name':
      return target.name;
    case 'member':
      return `${write(target.object)}.${target.name}`;
    case 'index':
      return `${write(target.object)}[${write(target.key)}]`;
    case 'list':
      return `[${target.items.map((item) => (item ? writeTarget(item) : '')).join(', ')}${target.rest ? ` *${writeTarget(target.rest)}` : ''}${(target.last ?? []).map((item) => `, ${writeTarget(item)}`).join('')}]`;
    case 'map':
      return `{${target.entries.map(({ key, computed, target: inner }) => `${computed ? `[${write(computed)}]` : key}>${writeTarget(inner)}`).join(' ')}}`;
    case 'default':
      return `${writeTarget(target.target)}=${write(target.value)}`;
  }
}

function write(expression: Expression): string {
  switch (expression.kind) {
    case 'literal':
      return JSON.stringify(expression.value);
    case 'name':
      return expression.name;
    case 'self':
      return 'SELF';
    case 'member':
      return `${write(expression.object)}.${expression.name}`;
    case 'index':
      return `${write(expression.object)}[${write(expression.key)}]`;
    case 'slice':
      return `${write(expression.object)}[${expression.bounds.map(write).join(':')}]`;
    case 'call':
      return `${write(expression.callee)}(${expression.arguments.map(writeArgument).join(', ')})`;
    case 'text':
      return `text(${expression.parts.map(write).join(' ')})`;
    case 'binary':
    case 'logical':
      return `(${expression.operator} ${write(expression.left)} ${write(expression.right)})`;
    case 'unary':
      return `(${expression.operator} ${write(expression.operand)})`;
    case 'conditional':
      return `(${write(expression.test)} ? ${write(expression.then)} : ${write(expression.otherwise)})`;
    case 'list':
      return `[${expression.items.map(write).join(', ')}]`;
    case 'map':
      return `{${expression.entries.map(writePart).join(', ')}}`;
    case 'function':
      return writeFunction(expression.function);
    case 'await':
    case 'spread':
      return `${expression.kind} ${write(expression.value)}`;
    case 'assign':
      return `(${writeTarget(expression.target)} := ${write(expression.value)})`;
    case 'comprehension': {
      const clauses = expression.clauses.map(
        ({ target, of, tests }) =>
          `each ${writeTarget(target)} of ${write(of)}${tests.map((one) => ` if ${write(one)}`).join('')}`,
      );
      return `<${expression.key ? `${write(expression.key)}: ` : ''}${write(expression.element)} ${clauses.join(' ')}>`;
    }
    case 'unknown':
      return `unknown(${expression.parts.map(write).join(' ')})`;
    default:
      return expression.kind;
  }
}

function writeArgument({ name, value, spread }: Argument): string {
  return `${spread ? '*' : ''}${name === undefined ? '' : `${name}=`}${write(value)}`;
}

function writePart(part: MapPart): string {
  return part.kind === 'spread' ? `...${write(part.value)}` : `${write(part.key)}: ${write(part.value)}`;
}

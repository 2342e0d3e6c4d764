import type { MarkedProgram } from '../marked-program.ts';

/** Resolvers of GraphQL, and parameters that decorators fill. */
export const GRAPHQL_PROGRAMS: readonly MarkedProgram[] = [
  {
    title: 'resolvers of an Apollo server get what a query says',
    path: 'src/app.js',
    library: false,
    lines: [
      "const { ApolloServer } = require('@apollo/server'); const cp = require('child_process');",
      "const resolvers = { Query: { user: (parent, args, context) => { cp.exec('id ' + args.name); }, // BAD",
      "  list(_, { name }) { cp.exec('id ' + name); }, // BAD",
      "  safe(_, { name }) { cp.execFile('id', [name]); } } }; // GOOD",
      'new ApolloServer({ typeDefs, resolvers });',
    ],
  },
  {
    title: 'resolvers that are written where they are registered, too',
    path: 'src/app.js',
    library: false,
    lines: [
      "import { ApolloServer } from 'apollo-server-express'; import cp from 'child_process';",
      "new ApolloServer({ typeDefs, resolvers: { Mutation: { async run(root, { name }, ctx, info) { cp.exec('id ' + name); } } } }); // BAD",
    ],
  },
  {
    title: 'resolvers in a list of maps',
    path: 'src/app.js',
    library: false,
    lines: [
      "const { makeExecutableSchema } = require('@graphql-tools/schema'); const cp = require('child_process');",
      "makeExecutableSchema({ typeDefs, resolvers: [{ Query: { a: (p, a) => cp.exec('id ' + a.name) } }] }); // BAD",
    ],
  },
  {
    title: 'resolvers of GraphQL Yoga',
    path: 'src/app.js',
    library: false,
    lines: [
      "import { createSchema, createYoga } from 'graphql-yoga'; import cp from 'child_process';",
      "const schema = createSchema({ typeDefs: '', resolvers: { Query: { hello: (_, { name }) => cp.exec('id ' + name) } } }); // BAD",
      'createYoga({ schema });',
    ],
  },
  {
    title: 'resolvers of fields of types',
    path: 'src/app.js',
    library: false,
    lines: [
      "const { GraphQLObjectType } = require('graphql'); const cp = require('child_process');",
      "const Q = new GraphQLObjectType({ name: 'Q', fields: { a: { type: T, args: {}, resolve(parent, args) { cp.exec('id ' + args.name); } } } }); // BAD",
      "const R = new GraphQLObjectType({ name: 'R', fields: () => ({ a: { type: T, resolve: (parent, { name }) => cp.exec('id ' + name) } }) }); // BAD",
    ],
  },
  {
    title: 'functions of a root value get the arguments first',
    path: 'src/app.js',
    library: false,
    lines: [
      "const { graphqlHTTP } = require('express-graphql'); const cp = require('child_process');",
      "app.use('/graphql', graphqlHTTP({ schema, rootValue: { run: ({ name }) => cp.exec('id ' + name) } })); // BAD",
    ],
  },
  {
    title: 'resolvers that another file registers are known by their parameters',
    path: 'src/app.js',
    library: false,
    lines: [
      "const cp = require('child_process');",
      "module.exports = { Query: { user: (parent, args, context) => { cp.exec('id ' + args.name); } } }; // BAD",
    ],
  },
  {
    title: 'arguments that a decorator names, unless their type is a number',
    path: 'src/a.ts',
    library: false,
    lines: [
      "import { Resolver, Query, Arg, Args } from 'type-graphql'; import { exec } from 'child_process';",
      '@Resolver()',
      'export class A {',
      "  @Query(() => String) one(@Arg('name') name: string) { exec('id ' + name); } // BAD",
      "  @Query(() => String) two(@Arg('n') n: number) { exec('id ' + n); } // GOOD",
      "  @Query(() => String) three(@Args() args: Foo) { exec('id ' + args.name); } // BAD",
      '}',
    ],
  },
  {
    title: 'arguments of resolvers of NestJS',
    path: 'src/a.ts',
    library: false,
    lines: [
      "import { Resolver, Query, Args } from '@nestjs/graphql'; import { exec } from 'child_process';",
      '@Resolver()',
      'export class A {',
      "  @Query(() => String) one(@Args('name') name: string) { exec('id ' + name); } // BAD",
      "  @Query(() => String) two(@Args('n', { type: () => Int }) n: number) { exec('id ' + n); } // GOOD",
      '}',
    ],
  },
  {
    title: 'pipes that let only numbers and known values through are checks',
    path: 'src/a.ts',
    library: false,
    lines: [
      "import { Controller, Get, Query, Param, Body, ParseIntPipe, ParseUUIDPipe, ParseEnumPipe, ParseBoolPipe } from '@nestjs/common'; import { exec } from 'child_process';",
      '@Controller()',
      'export class A {',
      "  @Get() one(@Query('name') name: string) { exec('id ' + name); } // BAD",
      "  @Get() two(@Query('name', ParseIntPipe) name: number) { exec('id ' + name); } // GOOD",
      "  @Get() three(@Param('id', ParseUUIDPipe) id: string) { exec('id ' + id); } // GOOD",
      "  @Get() four(@Param('id', new ParseUUIDPipe()) id: string) { exec('id ' + id); } // GOOD",
      "  @Get() five(@Query('k', new ParseEnumPipe(Kind)) k: Kind) { exec('id ' + k); } // GOOD",
      "  @Get() six(@Query('k', new ParseBoolPipe()) k) { exec('id ' + k); } // GOOD",
      "  @Get() seven(@Query('k', new TrimPipe()) k: string) { exec('id ' + k); } // BAD",
      '}',
    ],
  },
];

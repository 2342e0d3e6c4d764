import { GO } from './go-dialect.ts';
import { JAVA } from './java-dialect.ts';
import type { WrittenCase } from './written-case.ts';

/** A controller with one class; what the row brings in is run. */
const controller = (head: string, body: string) =>
  `package com.acme.web;\nimport org.springframework.web.bind.annotation.*;\nimport javax.ws.rs.*;\n${head}\nclass Shop {\n${body}\n}\n`;

const RUN = '{ Class.forName(name); return null; }';

const java = (row: string, attack: string, benign: string): WrittenCase => ({ row, path: 'Shop.java', attack, benign });

/** A controller that hands what it is asked for to a statement of MyBatis. */
const mapper = (statement: string): string =>
  controller(
    `interface Shops { @org.apache.ibatis.annotations.Select("${statement}") Object list(String order); }\n@RestController`,
    '  private Shops shops;\n  @GetMapping("/x") Object list(@RequestParam("n") String name) { return shops.list(name); }',
  );

/** Programs in languages with declared types for rows whose form is more than one call. */
export const TYPED_CASES: readonly WrittenCase[] = [
  {
    row: 'go-response-type',
    path: 'server.go',
    attack: GO.handler([], ['w.Header().Set("Content-Type", "text/html")', 'fmt.Fprintf(w, "<b>%s", outside)']),
    benign: GO.handler([], ['w.Header().Set("Content-Type", "text/plain")', 'fmt.Fprintf(w, "<b>%s", outside)']),
  },
  java(
    'java-response-type',
    JAVA.handler([], ['response.setContentType("text/html")', 'response.getWriter().println("<b>" + outside)']),
    JAVA.handler([], ['response.setContentType("text/plain")', 'response.getWriter().println("<b>" + outside)']),
  ),
  java(
    'java-mybatis',
    mapper('SELECT * FROM shop ORDER BY ${order}'),
    mapper('SELECT * FROM shop WHERE name = #{order}'),
  ),
  java(
    'java-spring-parameter',
    controller('', `Object find(@RequestParam("n") String name) ${RUN}`),
    controller('', `Object find(String name) ${RUN}`),
  ),
  java(
    'java-rest-parameter',
    controller('', `Object find(@QueryParam("n") String name) ${RUN}`),
    controller('', `Object find(@DefaultValue("n") String name) ${RUN}`),
  ),
  java(
    'java-spring-route',
    controller('', `@GetMapping("/x") Object find(String name) ${RUN}`),
    controller('', `@Scheduled Object find(String name) ${RUN}`),
  ),
  java(
    'java-rest-route',
    controller('', `@POST Object find(String name) ${RUN}`),
    controller('', `@Deprecated Object find(String name) ${RUN}`),
  ),
  java(
    'java-spring-view',
    controller('', '@GetMapping("/x") String go(String to) { return "redirect:" + to; }'),
    controller('', '@GetMapping("/x") String go(String to) { return "redirect:/search?q=" + to; }'),
  ),
  java(
    'java-spring-page',
    controller('@RestController', '@GetMapping("/x") String greet(String name) { return "<b>" + name; }'),
    controller('@RestController', '@GetMapping("/x") String greet(String name) { return "hello " + name; }'),
  ),
  java(
    'java-spring-origins',
    controller('@CrossOrigin("*")', ''),
    controller('@CrossOrigin("https://shop.example.test")', ''),
  ),
];

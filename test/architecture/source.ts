/**
 * What the architecture's rules need to know of a source file, read from its
 * syntax tree, so that comments and strings do not count.
 */
import ts from "typescript";

export interface Import {
  readonly from: string;
  /** The compiler removes it: nothing is loaded. */
  readonly typeOnly: boolean;
}

export interface Source {
  readonly imports: readonly Import[];
  /** Names of the world outside that the code uses as variables or types. */
  readonly names: ReadonlySet<string>;
  /** `Math.random` and the like. */
  readonly members: ReadonlySet<string>;
  /** Comparisons with a generation of the protocol. */
  readonly versionChecks: readonly string[];
}

/** @param file its name, for the parser */
export function readSource(file: string, text: string): Source {
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const imports: Import[] = [];
  const names = new Set<string>();
  const members = new Set<string>();
  const versionChecks: string[] = [];

  function visit(node: ts.Node): void {
    const imported = importOf(node);
    if (imported) imports.push(imported);
    if (ts.isIdentifier(node) && isReference(node) && !isDateValue(node))
      names.add(node.text);
    if (ts.isPropertyAccessExpression(node)) members.add(node.getText(tree));
    if (isVersionCheck(node)) versionChecks.push(node.getText(tree));
    ts.forEachChild(node, visit);
  }
  visit(tree);
  return { imports, names, members, versionChecks };
}

function importOf(node: ts.Node): Import | undefined {
  if (ts.isImportDeclaration(node)) {
    const clause = node.importClause;
    return { from: text(node.moduleSpecifier), typeOnly: isTypeOnly(clause) };
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier)
    return { from: text(node.moduleSpecifier), typeOnly: node.isTypeOnly };
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
    return { from: text(node.argument.literal), typeOnly: true };
  if (
    ts.isCallExpression(node) &&
    node.expression.kind === ts.SyntaxKind.ImportKeyword &&
    node.arguments[0]
  )
    return { from: text(node.arguments[0]), typeOnly: false };
  return undefined;
}

function isTypeOnly(clause: ts.ImportClause | undefined): boolean {
  if (!clause) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const bindings = clause.namedBindings;
  return (
    clause.name === undefined &&
    bindings !== undefined &&
    ts.isNamedImports(bindings) &&
    bindings.elements.length > 0 &&
    bindings.elements.every((element) => element.isTypeOnly)
  );
}

function text(node: ts.Node): string {
  return ts.isStringLiteralLike(node) ? node.text : node.getText();
}

/** Not `x.name`, `{ name: … }` or the declaration of a member. */
function isReference(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name !== node;
  if (ts.isQualifiedName(parent)) return parent.right !== node;
  const isName = "name" in parent && parent.name === node;
  return !(
    isName &&
    (ts.isPropertyAssignment(parent) ||
      ts.isClassElement(parent) ||
      ts.isTypeElement(parent))
  );
}

/** A given moment, such as `new Date(0)` or `x instanceof Date`: no clock is read. */
function isDateValue(node: ts.Identifier): boolean {
  if (node.text !== "Date") return false;
  const { parent } = node;
  return (
    ts.isTypeReferenceNode(parent) ||
    (ts.isNewExpression(parent) && !!parent.arguments?.length) ||
    (ts.isBinaryExpression(parent) &&
      parent.operatorToken.kind === ts.SyntaxKind.InstanceOfKeyword)
  );
}

/** `dialect.name` or the literal name of a dialect or generation against anything, or a protocol against a number or another protocol. */
function isVersionCheck(node: ts.Node): boolean {
  if (ts.isSwitchStatement(node))
    return (
      isDialectName(node.expression) ||
      (isProtocol(node.expression) &&
        node.caseBlock.clauses.some(
          (clause) => ts.isCaseClause(clause) && isNumber(clause.expression),
        ))
    );
  if (!ts.isBinaryExpression(node) || !isComparison(node.operatorToken.kind))
    return false;
  const { left, right } = node;
  return (
    isDialectName(left) ||
    isDialectName(right) ||
    (isKnownName(left) && !isHttpVersion(right)) ||
    (isKnownName(right) && !isHttpVersion(left)) ||
    (isProtocol(left) && (isNumber(right) || isProtocol(right))) ||
    (isProtocol(right) && isNumber(left))
  );
}

function isComparison(kind: ts.SyntaxKind): boolean {
  return (
    (kind >= ts.SyntaxKind.LessThanToken &&
      kind <= ts.SyntaxKind.GreaterThanEqualsToken) ||
    (kind >= ts.SyntaxKind.EqualsEqualsToken &&
      kind <= ts.SyntaxKind.ExclamationEqualsEqualsToken)
  );
}

function isDialectName(node: ts.Node): boolean {
  return /\bdialect\??\.name$/.test(node.getText());
}

/** `"eio4"`, `"v09"`, `"4.x"`, `"0.9"`. */
function isKnownName(node: ts.Node): boolean {
  return (
    ts.isStringLiteralLike(node) && /^(eio\d|v\d\d|\d\.(\d|x))$/.test(node.text)
  );
}

/** HTTP has a 0.9, too. */
function isHttpVersion(node: ts.Node): boolean {
  return /\bhttpVersion$/.test(node.getText());
}

function isProtocol(node: ts.Node): boolean {
  return /(^|\.)(protocol|EIO|revision|generation)$/.test(node.getText());
}

function isNumber(node: ts.Node): boolean {
  return (
    ts.isNumericLiteral(node) ||
    (ts.isStringLiteralLike(node) && /^\d+$/.test(node.text))
  );
}

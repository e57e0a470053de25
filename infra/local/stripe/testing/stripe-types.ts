import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { type Program, parseSync, type TSSignature, type TSType, type TSTypeName } from 'oxc-parser'

/** An interface or a type alias as the SDK declares it, with what its names mean there. */
type Declared = {
  readonly members?: readonly TSSignature[]
  readonly extended?: readonly string[]
  readonly alias?: TSType
  readonly scope: Scope
}

/** Names as they are seen from one place: of the enclosing namespaces, of the file, and imported ones. */
type Scope = {
  readonly file: string
  readonly path: readonly string[]
}

type Source = {
  /** By dotted path: `Invoice`, `Invoice.Parent`. */
  readonly declared: ReadonlyMap<string, Declared>
  /** Local name -> file and name there. */
  readonly imported: ReadonlyMap<string, { readonly file: string; readonly name: string }>
}

const RESOURCES = join(dirname(createRequire(import.meta.url).resolve('stripe')), 'resources')

/** `Billing/Meters` `Meter` is what `resources/Billing/Meters.d.ts` declares. */
export type TypeName = { readonly file: string; readonly name: string }

/**
 * What is wrong with a value as the SDK's own declaration of its type sees it: required members that it lacks, members
 * that the type does not have, and values of another kind. References are ids unless expanded.
 */
export function problemsOf(value: unknown, type: TypeName): string[] {
  const file = join(RESOURCES, `${type.file}.d.ts`)
  const declared = find({ file, path: [] }, [type.name])
  if (declared === undefined) throw new Error(`The SDK declares no ${type.name} in ${type.file}`)
  return checkDeclared(value, declared, type.name)
}

/** The members that a parameter type of the SDK has, dotted: `items.price`. */
export function parametersOf(type: TypeName): ReadonlySet<string> {
  const names = new Set<string>()
  const visit = (declared: Declared | undefined, prefix: string, depth: number): void => {
    for (const member of declared === undefined ? [] : membersOf(declared)) {
      names.add(`${prefix}${member.name}`)
      if (depth > 6) continue
      for (const inner of objectsIn(member.type, member.scope))
        visit(inner, `${prefix}${member.name}.`, depth + 1)
    }
  }
  visit(find({ file: join(RESOURCES, `${type.file}.d.ts`), path: [] }, type.name.split('.')), '', 0)
  return names
}

function objectsIn(type: TSType, scope: Scope): Declared[] {
  if (type.type === 'TSUnionType') return type.types.flatMap(one => objectsIn(one, scope))
  if (type.type !== 'TSTypeReference') return []
  const [inner] = type.typeArguments?.params ?? []
  if (inner !== undefined) return objectsIn(inner, scope)
  const declared = find(scope, namesOf(type.typeName))
  if (declared === undefined) return []
  return declared.alias === undefined ? [declared] : objectsIn(declared.alias, declared.scope)
}

function check(value: unknown, type: TSType, scope: Scope, path: string): string[] {
  switch (type.type) {
    case 'TSStringKeyword':
      return typeof value === 'string' ? [] : [`${path} is no text`]
    case 'TSNumberKeyword':
      return typeof value === 'number' ? [] : [`${path} is no number`]
    case 'TSBooleanKeyword':
      return typeof value === 'boolean' ? [] : [`${path} is no boolean`]
    case 'TSNullKeyword':
      return value === null ? [] : [`${path} is not null`]
    case 'TSLiteralType': {
      const wanted = 'value' in type.literal ? type.literal.value : undefined
      return value === wanted ? [] : [`${path} is ${JSON.stringify(value)}, not ${JSON.stringify(wanted)}`]
    }
    case 'TSUnionType':
      return shortest(type.types.map(one => check(value, one, scope, path)))
    case 'TSTypeReference':
      return checkReference(value, namesOf(type.typeName), type.typeArguments?.params ?? [], scope, path)
    default:
      return []
  }
}

function checkReference(
  value: unknown,
  names: readonly string[],
  given: readonly TSType[],
  scope: Scope,
  path: string,
): string[] {
  const [name = ''] = names
  const [item] = given
  if (name === 'Array' || name === 'ApiList') {
    const list =
      name === 'Array' ? value : isObject(value) && value.object === 'list' ? value.data : undefined
    if (!Array.isArray(list)) return [`${path} is no list`]
    return item === undefined
      ? []
      : list.flatMap((one, index) => check(one, item, scope, `${path}[${index}]`))
  }
  if (name === 'Decimal') return typeof value === 'string' ? [] : [`${path} is no decimal text`]
  if (name === 'OtherString') return [`${path} is ${JSON.stringify(value)}, which the SDK does not name`]
  if (name === 'Metadata') return isObject(value) ? [] : [`${path} is no map`]
  const declared = find(scope, names)
  if (declared === undefined) return [`${path} has the unknown type ${names.join('.')}`]
  return checkDeclared(value, declared, path)
}

function checkDeclared(value: unknown, declared: Declared, path: string): string[] {
  if (declared.alias !== undefined) return check(value, declared.alias, declared.scope, path)
  if (!isObject(value)) return [`${path} is no object`]
  const members = membersOf(declared)
  const known = new Set(members.map(member => member.name))
  // An interface without members stands for any object.
  const isOpen = members.length === 0 || declared.members?.some(member => member.type === 'TSIndexSignature')
  const extra = isOpen ? [] : Object.keys(value).filter(name => !known.has(name))
  return [
    ...extra.map(name => `${path}.${name} is not declared`),
    ...members.flatMap(({ name, optional, type, scope }) => {
      if (!Object.hasOwn(value, name)) return optional ? [] : [`${path}.${name} is missing`]
      return check(value[name], type, scope, `${path}.${name}`)
    }),
  ]
}

type Member = {
  readonly name: string
  readonly optional: boolean
  readonly type: TSType
  readonly scope: Scope
}

function membersOf(declared: Declared): Member[] {
  const inherited = (declared.extended ?? []).flatMap(name => {
    const base = find(declared.scope, name.split('.'))
    return base === undefined ? [] : membersOf(base)
  })
  const own = (declared.members ?? []).flatMap((member): Member[] => {
    if (member.type !== 'TSPropertySignature' || member.typeAnnotation == null) return []
    const name =
      member.key.type === 'Identifier'
        ? member.key.name
        : 'value' in member.key
          ? String(member.key.value)
          : ''
    const type = member.typeAnnotation.typeAnnotation
    // `deleted?: void` says that a field is never there.
    return type.type === 'TSVoidKeyword'
      ? []
      : [{ name, optional: member.optional, type, scope: declared.scope }]
  })
  return [...inherited, ...own]
}

/** Looks a name up from the innermost namespace outwards, then among the imports. */
function find(scope: Scope, names: readonly string[]): Declared | undefined {
  const source = read(scope.file)
  for (let depth = scope.path.length; depth >= 0; depth -= 1) {
    const found = source.declared.get([...scope.path.slice(0, depth), ...names].join('.'))
    if (found !== undefined) return found
  }
  const [first = '', ...rest] = names
  const imported = source.imported.get(first)
  if (imported === undefined) return undefined
  const inside = imported.name === '*' ? rest : [imported.name, ...rest]
  return find({ file: imported.file, path: [] }, inside)
}

const sources = new Map<string, Source>()

function read(file: string): Source {
  const known = sources.get(file)
  if (known !== undefined) return known
  const source = readProgram(parseSync(file, readFileSync(file, 'utf8')).program, file)
  sources.set(file, source)
  return source
}

function readProgram(program: Program, file: string): Source {
  const declared = new Map<string, Declared>()
  const imported = new Map<string, { file: string; name: string }>()
  const visit = (node: Program['body'][number], path: readonly string[]): void => {
    const scope = { file, path }
    switch (node.type) {
      case 'ExportNamedDeclaration':
        if (node.declaration != null) visit(node.declaration, path)
        else if (node.source != null) {
          for (const one of node.specifiers) {
            const name = 'name' in one.local ? one.local.name : one.local.value
            imported.set(name, { file: resolve(file, node.source.value), name })
          }
        }
        return
      case 'ImportDeclaration':
        for (const one of node.specifiers) {
          const name =
            one.type === 'ImportSpecifier'
              ? 'name' in one.imported
                ? one.imported.name
                : one.imported.value
              : '*'
          imported.set(one.local.name, { file: resolve(file, node.source.value), name })
        }
        return
      case 'TSInterfaceDeclaration': {
        const extended = node.extends.flatMap(({ expression }) =>
          expression.type === 'Identifier' ? [expression.name] : [],
        )
        // What an interface's members name lies in the namespace of the same name, or around it.
        declared.set([...path, node.id.name].join('.'), { members: node.body.body, extended, scope })
        return
      }
      case 'TSTypeAliasDeclaration':
        declared.set([...path, node.id.name].join('.'), { alias: node.typeAnnotation, scope })
        return
      case 'TSModuleDeclaration': {
        if (node.id.type !== 'Identifier' || node.body?.type !== 'TSModuleBlock') return
        const name = node.id.name
        for (const inner of node.body.body) visit(inner, [...path, name])
      }
    }
  }
  for (const node of program.body) visit(node, [])
  return { declared, imported }
}

function resolve(from: string, specifier: string): string {
  return join(dirname(from), specifier.replace(/\.js$/, '.d.ts'))
}

function namesOf(name: TSTypeName): string[] {
  if (name.type === 'Identifier') return [name.name]
  return name.type === 'TSQualifiedName' ? [...namesOf(name.left), name.right.name] : []
}

const shortest = (lists: readonly string[][]): string[] =>
  lists.reduce((best, list) => (list.length < best.length ? list : best), lists[0] ?? [])

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

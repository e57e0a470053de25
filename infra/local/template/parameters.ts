import type { Stack, TemplateParameter } from './assembly.ts'
import type { Json } from './intrinsics.ts'

/**
 * Values of a stack's parameters: given ones, else defaults. `AWS::SSM::Parameter::Value<…>` keeps its default, which
 * is the parameter's name (CDK's bootstrap version; nothing reads it here).
 */
export function parameterValues(
  stack: Stack,
  given: Readonly<Record<string, string>>,
): { values: ReadonlyMap<string, Json>; problems: string[] } {
  const values = new Map<string, Json>()
  const problems: string[] = []
  for (const [name, parameter] of Object.entries(stack.template.Parameters ?? {})) {
    const value = Object.hasOwn(given, name) ? given[name] : parameter.Default
    const wrong = value === undefined ? 'has no value and no default' : whatIsWrong(String(value), parameter)
    if (wrong !== undefined) problems.push(`${stack.name}: parameter ${name} ${wrong}`)
    else values.set(name, isList(parameter) ? listOf(String(value)) : String(value))
  }
  return { values, problems }
}

function whatIsWrong(value: string, parameter: TemplateParameter): string | undefined {
  const { AllowedValues: allowed, AllowedPattern: pattern } = parameter
  const each = isList(parameter) ? listOf(value) : [value]
  if (allowed && !each.every(part => allowed.map(String).includes(part)))
    return `must be one of ${allowed.join(', ')}, not "${value}"`
  if (pattern !== undefined && !each.every(part => new RegExp(`^(?:${pattern})$`).test(part)))
    return `must match ${pattern}, not "${value}"`
  if (parameter.Type.includes('Number') && each.some(part => part === '' || Number.isNaN(Number(part))))
    return `must be a number, not "${value}"`
  return outOfBounds(value, parameter)
}

function outOfBounds(value: string, parameter: TemplateParameter): string | undefined {
  const { MinLength = 0, MaxLength = Number.POSITIVE_INFINITY } = parameter
  const { MinValue = Number.NEGATIVE_INFINITY, MaxValue = Number.POSITIVE_INFINITY } = parameter
  if (value.length < Number(MinLength) || value.length > Number(MaxLength))
    return `must have ${MinLength} to ${MaxLength} letters, not ${value.length}`
  if (parameter.Type === 'Number' && (Number(value) < Number(MinValue) || Number(value) > Number(MaxValue)))
    return `must be from ${MinValue} to ${MaxValue}, not ${value}`
  return undefined
}

function isList({ Type }: TemplateParameter): boolean {
  return Type === 'CommaDelimitedList' || Type.startsWith('List<')
}

function listOf(value: string): string[] {
  return value.split(',').map(part => part.trim())
}

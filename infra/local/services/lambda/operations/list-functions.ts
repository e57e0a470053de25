import type { ListFunctionsCommandInput, ListFunctionsCommandOutput } from '@aws-sdk/client-lambda'
import { type Operation, ServiceError, UnsupportedError } from '../../../contract.ts'
import type { LambdaCore } from '../core.ts'
import type { FunctionState } from '../functions.ts'
import { choice, optionalCount, optionalText } from '../input.ts'
import { refuseUnknown } from '../refuse-unknown.ts'
import { toConfiguration } from './configuration.ts'

/** A page holds 50 functions, also when more are asked for. */
const PAGE = 50
const MAX_ITEMS = 10_000

/** https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctions.html */
export function listFunctions(core: LambdaCore): Operation {
  return (input: ListFunctionsCommandInput, { authorize }): Omit<ListFunctionsCommandOutput, '$metadata'> => {
    refuseUnknown(
      { ...input },
      ['FunctionVersion', 'Marker', 'MasterRegion', 'MaxItems'],
      'lambda ListFunctions',
    )
    if (input.MasterRegion !== undefined) throw new UnsupportedError('MasterRegion of lambda ListFunctions')
    // There are no published versions, so `ALL` lists the same functions under the ARN of their $LATEST.
    const version = choice(input, 'FunctionVersion', ['ALL'])
    const size = Math.min(optionalCount(input, 'MaxItems', MAX_ITEMS) ?? PAGE, PAGE)
    const after = readMarker(optionalText(input, 'Marker'))
    authorize('lambda:ListFunctions', '*')
    const all = [...core.functions.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1))
    const rest = after === undefined ? all : all.filter(fn => fn.name > after)
    const page = rest.slice(0, size)
    const last = page.at(-1)
    return {
      Functions: page.map(fn => configurationOf(fn, version)),
      ...(last !== undefined && rest.length > size ? { NextMarker: writeMarker(last.name) } : {}),
    }
  }
}

function configurationOf(fn: FunctionState, version: 'ALL' | undefined) {
  const configuration = toConfiguration(fn)
  return version === 'ALL' ? { ...configuration, FunctionArn: `${fn.arn}:$LATEST` } : configuration
}

/** The marker holds the last function of the page before, so functions that come or go shift nothing. */
function writeMarker(name: string): string {
  return Buffer.from(JSON.stringify({ after: name })).toString('base64url')
}

function readMarker(marker: string | undefined): string | undefined {
  if (marker === undefined || marker === '') return undefined
  try {
    const read: unknown = JSON.parse(Buffer.from(marker, 'base64url').toString('utf8'))
    if (typeof read === 'object' && read !== null && 'after' in read && typeof read.after === 'string') {
      return read.after
    }
  } catch {
    // Falls through: not a marker of ours.
  }
  throw new ServiceError('InvalidParameterValueException', 'Invalid marker', 400, { Type: 'User' })
}

import type { ListFunctionsCommandInput, ListFunctionsCommandOutput } from '@aws-sdk/client-lambda'
import type { Operation } from '../../../contract.ts'
import type { LambdaCore } from '../core.ts'
import { refuseUnknown } from '../refuse-unknown.ts'
import { toConfiguration } from './configuration.ts'

const PAGE = 50

/** https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctions.html. The marker is the next function's name. */
export function listFunctions(core: LambdaCore): Operation {
  return (input: ListFunctionsCommandInput, { authorize }): Omit<ListFunctionsCommandOutput, '$metadata'> => {
    refuseUnknown({ ...input }, ['Marker', 'MaxItems'], 'lambda ListFunctions')
    authorize('lambda:ListFunctions', '*')
    const all = [...core.functions.values()].toSorted((a, b) => a.name.localeCompare(b.name))
    const first = input.Marker === undefined ? 0 : all.findIndex(fn => fn.name >= String(input.Marker))
    const size = Math.min(Math.max(1, Number(input.MaxItems ?? PAGE) || PAGE), PAGE)
    const page = first < 0 ? [] : all.slice(first, first + size)
    const next = first < 0 ? undefined : all[first + size]
    return { Functions: page.map(toConfiguration), ...(next ? { NextMarker: next.name } : {}) }
  }
}

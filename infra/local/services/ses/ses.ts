import type { z } from 'zod'
import { type LocalCloud, ServiceError } from '../../contract.ts'
import type { ServiceOperation } from '../../input/operation.ts'
import type { InputDialect } from '../../input/read-input.ts'
import type { Mailbox } from './mailbox.ts'
import type { SesState } from './state.ts'

/** What every operation of this service works with. */
export type Ses = { readonly cloud: LocalCloud; readonly state: SesState; readonly mailbox: Mailbox }

export type SesOperation<Schema extends z.ZodType, Output> = ServiceOperation<Ses, Schema, Output>

export const DIALECT: InputDialect = { service: 'ses', invalid: 'BadRequestException' }

export const badRequest = (message: string): ServiceError => new ServiceError('BadRequestException', message)
export const noSuchIdentity = (name: string): ServiceError =>
  new ServiceError('NotFoundException', `Email identity ${name} does not exist.`, 404)

export const identityArn = ({ region, accountId }: LocalCloud, name: string): string =>
  `arn:aws:ses:${region}:${accountId}:identity/${name}`

export const identityType = (name: string): 'EMAIL_ADDRESS' | 'DOMAIN' =>
  name.includes('@') ? 'EMAIL_ADDRESS' : 'DOMAIN'

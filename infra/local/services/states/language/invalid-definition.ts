import { ServiceError } from '../../../contract.ts'

type Diagnosis =
  | 'DUPLICATE_STATE_NAME'
  | 'INVALID_JSON_DESCRIPTION'
  | 'MISSING_TRANSITION_TARGET'
  | 'SCHEMA_VALIDATION_FAILED'

/** A mistake for which Step Functions refuses a definition. */
export class InvalidDefinition extends ServiceError {
  readonly diagnosis: Diagnosis
  readonly reason: string
  /** Where in the definition: `/States/Wait/Next`. */
  readonly location: string
  constructor(diagnosis: Diagnosis, reason: string, location: string) {
    super('InvalidDefinition', `Invalid State Machine Definition: '${diagnosis}: ${reason} at ${location}'`)
    this.diagnosis = diagnosis
    this.reason = reason
    this.location = location
  }
}

import { ServiceError } from '../../../contract.ts'

/** What CloudWatch Logs answers to a pattern that it cannot parse. */
export class InvalidPattern extends ServiceError {
  constructor() {
    super('InvalidParameterException', 'Invalid filter pattern')
  }
}

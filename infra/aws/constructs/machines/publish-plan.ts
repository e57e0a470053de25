import { Duration } from 'aws-cdk-lib'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { Succeed } from 'aws-cdk-lib/aws-stepfunctions'
import { Construct } from 'constructs'
import { MACHINES } from '../../names.ts'
import type { Alarms } from '../alarms.ts'
import { failWithCause, ServiceMachine, steps } from '../service-machine.ts'

/** What each step does: `billing/workflows/README.md`. */
export class PublishPlanMachine extends Construct {
  constructor(scope: Construct, stepFunction: IFunction, alarms: Alarms) {
    super(scope, 'PublishPlan')
    const step = steps(this, stepFunction, failWithCause(this, 'NotPublished'))
    const definition = step('Stripe')
      .next(step('Limits'))
      .next(step('Catalogue'))
      .next(new Succeed(this, 'Published'))
    new ServiceMachine(this, 'PublishPlan', {
      name: MACHINES.publishPlan,
      definition,
      timeout: Duration.hours(1),
      alarms,
    })
  }
}

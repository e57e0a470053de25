import { Duration } from 'aws-cdk-lib'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { Choice, Succeed, Wait, WaitTime } from 'aws-cdk-lib/aws-stepfunctions'
import { Construct } from 'constructs'
import { MACHINES } from '../../names.ts'
import type { Alarms } from '../alarms.ts'
import { failWithCause, outcomeIs, ServiceMachine, steps } from '../service-machine.ts'

/** What each step does: `billing/workflows/README.md`. */
export class MigratePlanMachine extends Construct {
  constructor(scope: Construct, stepFunction: IFunction, alarms: Alarms) {
    super(scope, 'MigratePlan')
    const step = steps(this, stepFunction, failWithCause(this, 'NotMigrated'))
    const advance = step('Advance')
    const wait = new Wait(this, 'AwaitRenewals', { time: WaitTime.timestampPath('$.wakeAt') })
    const next = new Choice(this, 'WhatNext')
      .when(outcomeIs('more'), advance)
      .when(outcomeIs('wait'), wait.next(advance))
      .otherwise(new Succeed(this, 'Over'))
    // Notice of at most 90 days, then a renewal a month later, then the days in which a late one is followed.
    new ServiceMachine(this, 'MigratePlan', {
      name: MACHINES.migratePlan,
      definition: advance.next(next),
      timeout: Duration.days(150),
      alarms,
    })
  }
}

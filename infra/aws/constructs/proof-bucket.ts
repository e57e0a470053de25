import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { BlockPublicAccess, Bucket, BucketEncryption, StorageClass } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import { acknowledge } from '../acknowledge.ts'
import type { ServiceFunction } from './service-function.ts'

type AnyFunction = ServiceFunction<Readonly<Record<string, string>>>
/** Folders of the bucket. `proofs/`: files behind invoices. `ledger/`: the monthly export. */
export type ProofFolder = 'proofs' | 'ledger'

/**
 * Proof files and exports of the ledger (D17): private, encrypted, over TLS only, every version of an object kept, the
 * bucket kept when the stack goes. What is rarely read moves to cheaper storage; overwritten versions go after a year.
 */
export class ProofBucket extends Construct {
  readonly bucket: Bucket

  constructor(scope: Construct, id: string) {
    super(scope, id)
    this.bucket = new Bucket(this, 'Bucket', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      versioned: true,
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [
        {
          id: 'archive',
          transitions: [
            { storageClass: StorageClass.GLACIER_INSTANT_RETRIEVAL, transitionAfter: Duration.days(90) },
          ],
          noncurrentVersionExpiration: Duration.days(365),
          abortIncompleteMultipartUploadAfter: Duration.days(7),
        },
      ],
    })
    acknowledge(this.bucket, {
      'AwsSolutions-S1': 'Only our functions write, and each address for a customer is on the record.',
    })
  }

  mayRead(reader: AnyFunction, folder: ProofFolder): void {
    this.grant(reader, 's3:GetObject', folder)
  }

  mayWrite(writer: AnyFunction, folder: ProofFolder): void {
    this.grant(writer, 's3:PutObject', folder)
  }

  private grant(to: AnyFunction, action: string, folder: ProofFolder): void {
    to.role.addToPolicy(
      new PolicyStatement({ actions: [action], resources: [this.bucket.arnForObjects(`${folder}/*`)] }),
    )
    const id = this.bucket.stack.getLogicalId(this.bucket.node.defaultChild as never)
    acknowledge(to.role, {
      [`AwsSolutions-IAM5[Resource::<${this.bucket.stack.resolve(id)}.Arn>/${folder}/*]`]:
        'Keys are made at run time; the folder is fixed.',
    })
  }
}

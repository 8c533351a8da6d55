output "registry_urls" {
  description = "The address of each container registry, by the image's name."
  value       = { for name, repository in aws_ecr_repository.image : name => repository.repository_url }
}

output "push_role_arns" {
  description = "The role that each repository's workflow takes on to push its image."
  value       = { for name, role in aws_iam_role.push : name => role.arn }
}

output "data_bucket" {
  description = "The name of the bucket that holds the scenes."
  value       = aws_s3_bucket.data.id
}

output "log_group" {
  description = "The log group of the platform."
  value       = aws_cloudwatch_log_group.platform.name
}

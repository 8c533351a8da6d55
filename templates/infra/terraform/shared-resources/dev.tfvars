environment        = "dev"
log_retention_days = 14
images_kept        = 20

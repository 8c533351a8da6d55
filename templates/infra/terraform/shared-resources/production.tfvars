environment        = "production"
log_retention_days = 365
images_kept        = 100

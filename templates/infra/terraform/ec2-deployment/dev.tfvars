environment    = "dev"
vpc_cidr       = "10.20.0.0/16"
instance_type  = "t3.large"
instance_count = 1

environment    = "production"
vpc_cidr       = "10.30.0.0/16"
instance_type  = "m7i.xlarge"
instance_count = 2

/** Resources whose mere existence protects something: rows of the table of Terraform types. */
export const PROTECTING_TYPES: readonly RegExp[] = [
  /^aws_(?:s3_(?:bucket|account)_public_access_block|s3_bucket_(?:server_side_encryption_configuration|versioning|logging|object_lock_configuration|ownership_controls)|ebs_encryption_by_default|ec2_image_block_public_access)$/,
  /^aws_(?:cloudtrail|cloudwatch_metric_alarm|flow_log|guardduty_(?:detector|organization_configuration)|securityhub_(?:account|standards_subscription)|config_(?:configuration_recorder|config_rule|conformance_pack)|macie2_account|inspector2_enabler|accessanalyzer_analyzer|iam_account_password_policy|backup_(?:plan|vault_lock_configuration))$/,
  /^aws_(?:wafv2_web_acl(?:_association|_logging_configuration)?|shield_protection|network_acl(?:_rule)?|networkfirewall_\w{1,60}|organizations_policy(?:_attachment)?|kms_key|ecr_lifecycle_policy\.never|secretsmanager_secret_rotation)$/,
  /^google_(?:org_policy_policy|organization_policy|project_organization_policy|folder_organization_policy|compute_security_policy|logging_(?:project|organization|folder)_sink|access_context_manager_\w{1,60}|binary_authorization_policy|kms_crypto_key|project_iam_audit_config)$/,
  /^azurerm_(?:\w{0,40}policy_assignment|network_watcher_flow_log|security_center_\w{1,60}|monitor_diagnostic_setting|monitor_activity_log_alert|web_application_firewall_policy|firewall_policy\w{0,60}|management_lock|key_vault_key|mssql_\w{0,40}auditing_policy|storage_account_network_rules|subnet_network_security_group_association)$/,
  /^github_(?:branch_protection(?:_v3)?|repository_ruleset|organization_ruleset|repository_environment_deployment_policy|repository_dependabot_security_updates)$/,
  /^gitlab_(?:branch_protection|project_level_mr_approvals|project_approval_rule|tag_protection|project_push_rules)$/,
  /^kubernetes_(?:network_policy|limit_range|resource_quota|pod_security_policy|validating_webhook_configuration)(?:_v\d\w{0,10})?$/,
  /^(?:cloudflare_(?:ruleset|zone_settings_override|access_policy|access_application|zero_trust_access_\w{1,40}|firewall_rule|page_rule\.never|authenticated_origin_pulls)|vault_audit|okta_policy_\w{1,40}|datadog_security_monitoring_rule)$/,
];

/** Resources and data sources that start a program on the machine of whoever applies or only plans. */
export const RUNNING_TYPES = /^(?:external|shell_script|shell_script_resource|command|null_command)$/;
export const RUNNING_BLOCKS: ReadonlySet<string> = new Set(['local-exec', 'remote-exec']);

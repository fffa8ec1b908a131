//! The local AWS, asked in its own wire format: what is in the tables and queues, and what an operator would do.

use crate::World;
use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};

/// The name of the deployed stack.
const STACK: &str = "doitong-local";

/// What SQS calls messages that somebody has received.
const AT_WORK: &str = "ApproximateNumberOfMessagesNotVisible";

impl World {
    /// Calls an AWS operation of the JSON protocols: `DynamoDB_20120810.GetItem`, `AmazonSQS.SendMessage`.
    pub async fn aws(&self, operation: &str, input: Value) -> Value {
        let (service, version) = match operation.split('.').next() {
            Some("AmazonSQS") => ("sqs", "application/x-amz-json-1.0"),
            _ => ("dynamodb", "application/x-amz-json-1.0"),
        };
        let scope = format!("Credential=test/20260101/us-east-1/{service}/aws4_request");
        let request = Request::post(format!("http://127.0.0.1:{}/", self.stack.port + 1))
            .header("content-type", version)
            .header("x-amz-target", operation)
            .header("authorization", format!("AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature=none"))
            .body(Bytes::from(input.to_string()))
            .unwrap();
        let reply = self.send(request).await;
        assert!(reply.status.is_success(), "{operation} answered {}: {:?}", reply.status, reply.body);
        serde_json::from_slice(&reply.body).unwrap_or(Value::Null)
    }

    /// Invokes a function of the stack directly, as an operator does.
    pub async fn invoke(&self, function: &str, payload: Value) -> Value {
        let name = format!("{STACK}-{function}");
        let url = format!("http://127.0.0.1:{}/2015-03-31/functions/{name}/invocations", self.stack.port + 1);
        let request = Request::post(url)
            .header("authorization", "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/lambda/aws4_request, SignedHeaders=host, Signature=none")
            .body(Bytes::from(payload.to_string()))
            .unwrap();
        let reply = self.send(request).await;
        assert!(reply.status.is_success(), "{name} answered {}: {:?}", reply.status, reply.body);
        serde_json::from_slice(&reply.body).unwrap_or(Value::Null)
    }

    /// Asks the clerk.
    pub async fn admin(&self, order: Value) -> Value {
        let answer = self.invoke("admin", order.clone()).await;
        assert!(answer.get("error").is_none(), "{order} was refused: {answer}");
        answer
    }

    /// A job as it is stored.
    pub async fn stored_job(&self, id: &str) -> Option<Value> {
        let key = json!({ "id": { "S": id } });
        let input = json!({ "TableName": self.table("JobsTable"), "Key": key, "ConsistentRead": true });
        self.aws("DynamoDB_20120810.GetItem", input).await.get("Item").cloned()
    }

    /// An account's figures at this moment, as they are stored: granted, available, reserved, used.
    pub async fn stored_figures(&self, account: &str) -> [i64; 4] {
        let key = json!({ "pk": { "S": account }, "sk": { "S": "profile" } });
        let input = json!({ "TableName": self.table("AccountsTable"), "Key": key, "ConsistentRead": true });
        let answer = self.aws("DynamoDB_20120810.GetItem", input).await;
        ["granted", "available", "reserved", "used"].map(|name| {
            let text = answer["Item"][name]["N"].as_str();
            text.and_then(|text| text.parse().ok()).unwrap_or_else(|| panic!("no {name} in {answer}"))
        })
    }

    /// Where a vendor may say that it has finished a job.
    pub async fn callback_url(&self, account: &str, vendor: &str, id: &str) -> String {
        let key = json!({ "pk": { "S": account }, "sk": { "S": "profile" } });
        let input = json!({ "TableName": self.table("AccountsTable"), "Key": key, "ConsistentRead": true });
        let answer = self.aws("DynamoDB_20120810.GetItem", input).await;
        let key = answer["Item"]["link_key"]["S"].as_str().unwrap_or_else(|| panic!("no key in {answer}"));
        let token = signing::token(key.as_bytes(), &["callback", vendor, id]);
        format!("http://127.0.0.1:{}/callbacks/{vendor}/{id}/{token}", self.stack.port)
    }

    /// Ids of an account's jobs, oldest first.
    pub async fn jobs_of(&self, account: &str) -> Vec<String> {
        let input = json!({
            "TableName": self.table("JobsTable"),
            "IndexName": "by-account",
            "KeyConditionExpression": "account = :account",
            "ExpressionAttributeValues": { ":account": { "S": account } },
        });
        let answer = self.aws("DynamoDB_20120810.Query", input).await;
        let items = answer["Items"].as_array().cloned().unwrap_or_default();
        items.iter().filter_map(|item| item["id"]["S"].as_str().map(str::to_owned)).collect()
    }

    /// What is stored of a vendor's health.
    pub async fn stored_health(&self, vendor: &str) -> Value {
        let key = json!({ "pk": { "S": "health" }, "sk": { "S": vendor } });
        let input = json!({ "TableName": self.table("VendorsTable"), "Key": key, "ConsistentRead": true });
        self.aws("DynamoDB_20120810.GetItem", input).await["Item"].clone()
    }

    /// Lets the pause of a vendor that is cut off be over.
    pub async fn end_pause(&self, vendor: &str) {
        let health = self.stored_health(vendor).await;
        let cut =
            health["cut|*"]["S"].as_str().unwrap_or_else(|| panic!("{vendor} is not cut off: {health}"));
        let (_, rest) = cut.split_once(' ').unwrap();
        let input = json!({
            "TableName": self.table("VendorsTable"),
            "Key": { "pk": { "S": "health" }, "sk": { "S": vendor } },
            "UpdateExpression": "SET #cut = :cut",
            "ExpressionAttributeNames": { "#cut": "cut|*" },
            "ExpressionAttributeValues": { ":cut": { "S": format!("1000 {rest}") } },
        });
        self.aws("DynamoDB_20120810.UpdateItem", input).await;
    }

    /// Forgets how the vendors are; the functions know it within seconds.
    pub async fn forget_health(&self) {
        let input = json!({
            "TableName": self.table("VendorsTable"),
            "KeyConditionExpression": "pk = :pk",
            "ExpressionAttributeValues": { ":pk": { "S": "health" } },
        });
        let answer = self.aws("DynamoDB_20120810.Query", input).await;
        for item in answer["Items"].as_array().into_iter().flatten() {
            let key = json!({ "pk": item["pk"], "sk": item["sk"] });
            let input = json!({ "TableName": self.table("VendorsTable"), "Key": key });
            self.aws("DynamoDB_20120810.DeleteItem", input).await;
        }
        tokio::time::sleep(std::time::Duration::from_secs(6)).await;
    }

    /// Sends a message to a queue of the stack, as `poller-kling` or `webhook`.
    pub async fn send_message(&self, queue: &str, body: &str) {
        let url = self.queue_url(queue);
        self.aws("AmazonSQS.SendMessage", json!({ "QueueUrl": url, "MessageBody": body })).await;
    }

    /// Messages in a queue, waiting or being worked.
    pub async fn messages_in(&self, queue: &str) -> u64 {
        let names = ["ApproximateNumberOfMessages", AT_WORK, "ApproximateNumberOfMessagesDelayed"];
        self.count_messages(queue, &names).await
    }

    /// Messages of a queue that are being worked.
    pub async fn messages_at_work(&self, queue: &str) -> u64 {
        self.count_messages(queue, &[AT_WORK]).await
    }

    async fn count_messages(&self, queue: &str, names: &[&str]) -> u64 {
        let input = json!({ "QueueUrl": self.queue_url(queue), "AttributeNames": names });
        let answer = self.aws("AmazonSQS.GetQueueAttributes", input).await;
        names.iter().filter_map(|name| answer["Attributes"][*name].as_str()?.parse::<u64>().ok()).sum()
    }

    /// Puts a file into the operator's bucket that changes the catalogue.
    pub async fn put_operator_file(&self, content: &str) {
        let bucket = self.table("OperatorBucket");
        let url = format!("http://127.0.0.1:{}/{bucket}/catalogue.toml", self.stack.port + 1);
        let scope = "Credential=test/20260101/us-east-1/s3/aws4_request";
        let request = Request::put(url)
            .header("authorization", format!("AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature=none"))
            .body(Bytes::from(content.to_owned()))
            .unwrap();
        let reply = self.send(request).await;
        assert!(reply.status.is_success(), "{}: {:?}", reply.status, reply.body);
    }

    fn queue_url(&self, queue: &str) -> String {
        format!("http://127.0.0.1:{}/000000000000/{STACK}-{queue}", self.stack.port + 1)
    }

    /// A table or bucket of the stack; others may use the same local AWS.
    fn table(&self, name: &str) -> &str {
        let stack = &self.stack.keys["aws"]["stack"];
        stack[name].as_str().unwrap_or_else(|| panic!("the stack tells no {name}: {stack}"))
    }
}

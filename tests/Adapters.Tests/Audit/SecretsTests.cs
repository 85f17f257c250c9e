using CalicoConsole.Adapters.Audit;

namespace CalicoConsole.Adapters.Tests.Audit;

public class SecretsTests
{
    [Theory]
    [InlineData("http://root:hunter2@10.0.0.1:2379", "http://root:***@10.0.0.1:2379")]
    [InlineData("etcd://u:p:w@h,https://x:y@z/p", "etcd://u:***@h,https://x:***@z/p")]
    [InlineData("docker run -e ETCD_PASSWORD=hunter2 -e ETCD_USERNAME=root", "docker run -e ETCD_PASSWORD=*** -e ETCD_USERNAME=root")]
    [InlineData("etcdctl --password hunter2 ls", "etcdctl --password *** ls")]
    [InlineData("""{"password":"hun\"ter2","name":"x"}""", """{"password":"***","name":"x"}""")]
    [InlineData("""{"registry_token": "abc", "n": 1}""", """{"registry_token": "***", "n": 1}""")]
    [InlineData("Authorization: Bearer abcdefgh.ijkl", "Authorization: Bearer ***")]
    [InlineData("password: hunter2\nname: x", "password: ***\nname: x")]
    [InlineData("-----BEGIN RSA PRIVATE KEY-----\nMII\n-----END RSA PRIVATE KEY-----", "-----BEGIN RSA PRIVATE KEY-----***-----END RSA PRIVATE KEY-----")]
    public void Redact_KnownShape_IsMasked(string text, string expected)
    {
        Assert.Equal(expected, Secrets.Redact(text));
        Assert.Equal(expected, Secrets.Redact(expected));
    }

    [Theory]
    [InlineData("http://10.0.0.1:2379,http://10.0.0.2:2379")]
    [InlineData("""{"id":"web","inbound_rules":[{"action":"allow","src_tag":"web"}]}""")]
    [InlineData("calicoctl get profile token-service -o yaml")]
    [InlineData("docker pull quay.io/calico/node@sha256:abcdef")]
    [InlineData("/calico/v1/policy/profile/secret/tags")]
    [InlineData("")]
    [InlineData(null)]
    public void Redact_NoSecret_IsLeftAlone(string? text) => Assert.Equal(text, Secrets.Redact(text));

    [Theory]
    [InlineData("--", "token")]
    [InlineData("", "--token ")]
    [InlineData("", "token ")]
    [InlineData("", "a.")]
    [InlineData("", "a-b+")]
    [InlineData("", "a://b:")]
    [InlineData("http://", "x:")]
    [InlineData("", "\"password\"")]
    [InlineData("\"", "password")]
    [InlineData("", "\"token\": \"")]
    [InlineData("", "bearer ")]
    [InlineData("basic", " ")]
    [InlineData("", "token='")]
    [InlineData("-----BEGIN ", "PRIVATE KEY")]
    [InlineData("", "-----BEGIN PRIVATE KEY-----")]
    [InlineData("secret", " ")]
    [InlineData("", "-secret_")]
    public void Redact_WhateverRepeats_TakesTimeInProportion(string first, string part)
    {
        Secrets.Redact(Text(1_000));
        var watch = System.Diagnostics.Stopwatch.StartNew();
        Secrets.Redact(Text(1_000_000));

        // A pattern that begins everywhere and runs far takes minutes for a text of this length.
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), watch.Elapsed.ToString());

        string Text(int length) => first + string.Concat(Enumerable.Repeat(part, length / part.Length));
    }

    [Theory]
    [InlineData("--registry-token abc", "--registry-token ***")]
    [InlineData("xpostgres+tls://u:secret@h", "xpostgres+tls://u:***@h")]
    public void Redact_OptionsAndLongSchemes_AreMasked(string text, string expected) => Assert.Equal(expected, Secrets.Redact(text));
}

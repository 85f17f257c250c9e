using System.Text.Json;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Ports;
using CalicoConsole.Web.Areas.Audit;

namespace CalicoConsole.Web.Tests.State;

/// <summary>What an edit changed, in a few words.</summary>
public sealed class AuditSummaryTests
{
    [Theory]
    [InlineData("/calico/v1/policy/profile/web/rules", """{"inbound_rules":[{"action":"allow"}],"outbound_rules":[]}""",
        """{"inbound_rules":[{"action":"allow"},{"action":"deny"}],"outbound_rules":[]}""", "1 ingress rule added")]
    [InlineData("x/rules", """{"inbound_rules":[{"a":1},{"a":2}],"outbound_rules":[{"a":1}]}""", """{"inbound_rules":[{"a":2},{"a":1}],"outbound_rules":[{"a":2}]}""",
        "ingress rules in another order, 1 egress rule changed")]
    [InlineData("x/policy", """{"order":10,"selector":"has(a)"}""", """{"order":20.5,"selector":"has(a) && a-selector-that-is-long == 'x'","types":["ingress"]}""",
        "order 10 → 20.5, selector changed, type added")]
    [InlineData("x/tags", """["a","b"]""", """["c","d","e","a"]""", "3 tags added, 1 tag removed")]
    [InlineData("x/endpoint", """{"profile_ids":["a"],"labels":{"a":"b"}}""", """{"profile_ids":["b"],"labels":{}}""", "1 profile changed, labels changed")]
    [InlineData("x/many", """{"a":1,"b":1,"c":1,"d":1,"e":1}""", """{"a":2,"b":2,"c":2,"d":2}""", "a 1 → 2, b 1 → 2, c 1 → 2 and 2 more")]
    [InlineData("x/same", """{"a":1}""", """{ "a": 1 }""", "")]
    [InlineData("x/text", "no json", """{"a":1}""", "")]
    [InlineData("x/new", null, """{"a":1}""", "")]
    public void Edit_IsSaidByItsParts(string key, string? before, string after, string words)
    {
        var changes = JsonSerializer.Serialize(new[] { new DocumentChange("etcd", key, before, after) }, JsonSerializerOptions.Web);

        Assert.Equal(words, AuditSummary.For(Entry(changes, null)));
        Assert.Equal(words, AuditSummary.For(Entry("[]", changes)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{]")]
    public void Unreadable_SaysNothing(string changes) => Assert.Equal("", AuditSummary.For(Entry(changes, null)));

    private static AuditEntry Entry(string intended, string? done) => new(
        1, new AuditIntent(Guid.Empty, DateTimeOffset.UnixEpoch, "anna", "web", "profile.edit", "profile", "web", "[]", intended, []),
        done is null ? null : new AuditOutcome(Guid.Empty, DateTimeOffset.UnixEpoch, "succeeded", null, done));
}

using System.Collections.Immutable;
using CalicoConsole.Core.Selectors;
using CalicoConsole.Web.Areas.Rules;
using CalicoConsole.Web.Kit;

namespace CalicoConsole.Web.Tests.Forms;

public class SelectorCompletionTests
{
    private static readonly ImmutableSortedDictionary<string, ImmutableArray<string>> Labels =
        ImmutableSortedDictionary.Create<string, ImmutableArray<string>>(StringComparer.Ordinal)
        .Add("role", ["db", "web"]).Add("my_net", [""]);

    [Theory]
    [InlineData("", "has(my_net)|role == 'db'|role == 'web'|has(role)")]
    [InlineData("ro", "role == 'db'|role == 'web'|has(role)")]
    [InlineData("!ha", "")]
    [InlineData("has(m", "has(my_net)")]
    [InlineData("role ", "role == 'db'|role == 'web'|role != 'db'|role != 'web'|role in {'db', 'web'}|role not in {'db', 'web'}")]
    [InlineData("role == ", "role == 'db'|role == 'web'")]
    [InlineData("role == 'w", "role == 'web'")]
    [InlineData("has(my_net) && role == ", "has(my_net) && role == 'db'|has(my_net) && role == 'web'")]
    [InlineData("has(my_net)", "has(my_net) && |has(my_net) || ")]
    [InlineData("(role in {'db'} || ro", "(role in {'db'} || role == 'db'|(role in {'db'} || role == 'web'|(role in {'db'} || has(role)")]
    [InlineData("role = 'x' && ", "")]
    [InlineData("unknown == ", "")]
    public void Offers(string typed, string offered) => Assert.Equal(offered, string.Join('|', SelectorCompletion.For(typed, Labels).Select(o => o.Value)));

    [Fact]
    public void Offers_BeginWithWhatWasTyped_AndAreSelectorsOnceWhole()
    {
        foreach (var typed in (string[])["", "role == ", "has(my_net) && !has(", "role != 'db' || "])
        {
            var offers = SelectorCompletion.For(typed, Labels);
            Assert.NotEmpty(offers);
            Assert.All(offers, o => Assert.StartsWith(typed, o.Value, StringComparison.Ordinal));
            Assert.All(offers, o => Assert.True(Selector.TryParse(o.Value, out _, out _), o.Value));
        }
    }
}

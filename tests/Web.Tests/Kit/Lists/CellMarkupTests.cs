using CalicoConsole.Web.Kit;
using CalicoConsole.Web.Kit.Lists;

namespace CalicoConsole.Web.Tests.Kit.Lists;

public sealed class CellMarkupTests
{
    private const string Hostile = "<b onclick='x()'>\"&\u202e";
    private const string Written = "&lt;b onclick=&#39;x()&#39;&gt;&quot;&amp;\\u202e";

    [Fact]
    public void WhateverIsStored_IsWrittenOut_AndNoMarkup()
    {
        Assert.Equal($"<bdi>{Written}</bdi>", CellMarkup.Text(Hostile).Html);
        Assert.Equal($"<span class=\"tag\">{Written}</span>", CellMarkup.Tag(Hostile).Html);
        Assert.Equal($"<a class=\"tag hue\" style=\"{Hues.Style(Hostile)}\" href=\"a&quot;b\"><bdi>{Written}</bdi></a>", CellMarkup.Hued(Hostile, "a\"b").Html);
        Assert.Equal($"<span class=\"chip broken\" title=\"a&quot;b\"><svg aria-hidden=true><use href=\"#st-broken\"/></svg>{Written}</span>",
            CellMarkup.State(new(ChipState.Broken, Hostile, "a\"b")).Html);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void NoText_IsNothing(string? text) => Assert.Equal("", CellMarkup.Join([CellMarkup.Text(text), CellMarkup.None]).Html);
}

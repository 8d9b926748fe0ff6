// No MathJax: no page of the application has formulas, and what the name usually stands for lies on another host.
